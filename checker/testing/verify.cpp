// Exploring inside of a test; see <braid/testing/verify.hpp> and <braid/testing/outcomes.hpp>.
#include <braid/testing/outcomes.hpp>
#include <braid/testing/verify.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ostream>

#include <braid/testing/examination.hpp>
#include "report/text.hpp"
#include "testing/required.hpp"

namespace braid {
namespace {

std::string in_words(const expected_outcome& o) {
  const std::string output = quote(o.output, {.unicode = is_utf8_locale()});
  return o.verdict == "ok" ? output : "{" + output + ", \"" + o.verdict + "\"}";
}

std::string in_words(const std::set<expected_outcome>& all) {
  std::string text;
  for (const expected_outcome& o : all) text += (text.empty() ? "{" : ", ") + in_words(o);
  return (text.empty() ? "{" : text) + "}";
}

expected_outcome expectation_of(const reported_outcome& o) {
  return {o.output, std::string(name_of(o.lowest))};
}

std::set<expected_outcome> expectations_of(const report& r) {
  std::set<expected_outcome> all;
  for (const reported_outcome& o : r.outcomes) all.insert(expectation_of(o));
  return all;
}

std::vector<expected_outcome> without(const std::set<expected_outcome>& all,
                                      const std::set<expected_outcome>& these) {
  std::vector<expected_outcome> rest;
  std::set_difference(all.begin(), all.end(), these.begin(), these.end(), std::back_inserter(rest));
  return rest;
}

// The token of an outcome that looks so.
std::string token_of(const expected_outcome& wanted, const report& r) {
  const auto found =
      std::find_if(r.outcomes.begin(), r.outcomes.end(),
                   [&](const reported_outcome& o) { return expectation_of(o) == wanted; });
  return found->token;
}

}  // namespace

verification::~verification() {
  if (is_seen_ || facts_.ok) return;
  std::fputs(facts_.text.c_str(), stderr);
  std::fflush(nullptr);
  std::_Exit(std::max(1, exit_code_of(facts_.what)));
}

std::ostream& operator<<(std::ostream& out, const verification& v) {
  return out << (v.ok() ? v.facts().name + " passes" : "\n" + v.text());
}

verification verify(const std::function<void()>& f, const verify_options& options, where at) {
  detail::examination e(options, at);
  for (const auto& old : e.old_failures()) {
    if (e.fails_by(f, old) || old.is_only) return e.conclude(f);
  }
  if (e.fails(f, 1)) e.shrink(f);
  return e.conclude(f);
}

explored_outcomes outcomes(const std::function<void()>& f, const verify_options& options,
                           where at) {
  detail::examination e(options, at);
  for (const auto& old : e.old_failures()) {
    if (old.is_only) return explored_outcomes(e.follow_alone(f, old), true);
  }
  return explored_outcomes(e.explore_all(f));
}

bool explored_outcomes::are(const outcome_set& expected) const {
  compared_ = expected.all();
  is_compared_ = true;
  const std::set<expected_outcome> found = expectations_of(found_);
  std::string commands;
  for (const expected_outcome& o : without(found, compared_)) {
    commands += in_words(o) + "\n  again    " + detail::command_with(token_of(o, found_)) + "\n";
  }
  if (!commands.empty()) detail::show_if_failed(commands);
  if (is_one_) return commands.empty();
  return found == compared_ && (found_.complete || !is_completeness_required());
}

std::ostream& operator<<(std::ostream& out, const explored_outcomes& o) {
  const std::set<expected_outcome> found = expectations_of(o.found());
  if (!o.is_compared_ || found == o.compared_) {
    out << in_words(found);
  } else {
    for (const expected_outcome& e : without(o.compared_, found)) {
      if (!o.is_one_) out << "missing     " << in_words(e) << "\n";
    }
    for (const expected_outcome& e : without(found, o.compared_)) {
      out << "unexpected  " << in_words(e) << "   replay " << token_of(e, o.found()) << "\n";
    }
    out << "of " << counted(found.size(), "outcome");
  }
  if (o.is_one_) return out << " (BRAID_REPRODUCE is followed alone)";
  if (!o.found().complete) out << " (incomplete: " << o.found().why_incomplete << ")";
  return out;
}

std::ostream& operator<<(std::ostream& out, const outcome_set& o) {
  return out << in_words(o.all());
}

}  // namespace braid
