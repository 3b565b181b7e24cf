// How an examination ends: its text, the file that keeps its failure, and who is told; see
// <braid/testing/examination.hpp>.
#include <cerrno>
#include <cstdlib>

#include <braid/testing/examination.hpp>
#include <braid/testing/framework.hpp>
#include "report/outcome_text.hpp"
#include "report/story.hpp"
#include "report/text.hpp"
#include "report/turning.hpp"
#include "testing/regression_files.hpp"
#include "testing/required.hpp"

namespace braid::detail {
namespace {

// Of a test's log, which may be anywhere.
page test_page() { return page({.color = false, .unicode = is_utf8_locale(), .width = 100}); }

void put_fact(page& p, std::string_view what, const std::string& value, ink color = ink::plain) {
  p.to(2).put(what, ink::faint).to(11).put(value, color).end_line();
}

}  // namespace

// `BRAID_REPRODUCE=WORD build/tests 'the name of the test'`.
std::string command_with(const std::string& word) {
  test_framework* const framework = current_test_framework();
  std::string line =
      "BRAID_REPRODUCE=" + shell_word(word) + " " + shell_word(program_invocation_name);
  if (framework == nullptr) return line;
  for (const std::string& argument : framework->arguments_of_test()) {
    line += " " + shell_word(argument);
  }
  return line;
}

bool show_if_failed(const std::string& text) {
  test_framework* const framework = current_test_framework();
  return framework != nullptr && framework->show_if_failed(text);
}

// The outcome of a schedule and what is wrong with it, then its lanes.
std::string examination::drawing_of(const body& f, const std::string& token) const {
  const replay_result shown = replay(program_of(f), token, searching(1, steps_left_));
  const braid::report& r = shown.outcome;
  const reported_outcome& o = r.outcomes.at(0);
  page p = test_page();
  p.put(name_).end_line().end_line();
  p.to(2).put(r.findings.empty() ? mark::good : mark::bad).put(" ");
  p.put_folded(outcome_in_words(o, p.look())).end_line();
  for (const finding& found : r.findings) write_finding(p, found);
  p.end_line();
  write_story(p, o, shown.told, {});
  return p.take();
}

std::string examination::full_text(const body& f) const {
  page p = test_page();
  if (!facts_.input.empty()) put_fact(p, "input", printable(facts_.input, p.look()));
  // Of a program that is not deterministic there are no names.
  const bool has_names = failure_ && !(failure_->decisions.empty() && failure_->input.empty());
  put_fact(p, "again", command_with(has_names ? facts_.word : facts_.token), ink::accent);
  if (!is_new_) put_fact(p, "from", origin_ + ", which failed before");
  if (is_new_) put_fact(p, "commit", ".replay_first = {\"" + facts_.word + "\"}");
  if (!facts_.kept_in.empty()) put_fact(p, "kept in", facts_.kept_in);
  return drawing_of(f, facts_.token) + p.take();
}

verification examination::conclude(const body& f) {
  if (failure_) {
    facts_.word = word_of(*failure_);
    if (is_new_ && options_.keep_failures) facts_.kept_in = keep_regression(*failure_);
    facts_.headline = std::string(name_of(facts_.what)) + " after " +
                      size_in_words(facts_.steps, facts_.preemptions);
    facts_.text = full_text(f);
    facts_.complete = false;
    facts_.why_incomplete = "it stops at the first failure";
  } else if (!facts_.complete && is_completeness_required()) {
    return conclude_failed("incomplete: " + facts_.why_incomplete, "");
  } else if (!facts_.complete) {
    note(name_ + ": passes, but is incomplete: " + facts_.why_incomplete + " after " +
         counted(facts_.executions, "execution"));
  }
  return tell();
}

verification examination::conclude_failed(std::string headline, std::string text) {
  facts_.ok = false;
  facts_.headline = std::move(headline);
  facts_.text = std::move(text);
  if (facts_.text.empty()) facts_.text = name_ + ": " + facts_.headline + "\n";
  return tell();
}

verification examination::tell() {
  test_framework* const framework = current_test_framework();
  if (framework != nullptr && facts_.ok) framework->passed(at_);
  if (framework != nullptr && !facts_.ok) {
    framework->failed({.headline = facts_.headline, .text = facts_.text, .at = at_});
  }
  return {facts_, framework != nullptr};
}

}  // namespace braid::detail
