// Regressions are recorded and followed; see <braid/regression.hpp>. What an execution came to is
// told by replay(): a regression is followed once to find its schedule, which is then a token.
#include <braid/regression.hpp>

#include "explain/replay.hpp"
#include "lockstep/lockstep.hpp"
#include "process/run_apart.hpp"
#include "process/sole_explorer.hpp"
#include "strategy/named.hpp"
#include "strategy/replay.hpp"
#include "trace/option_names.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

constexpr std::size_t notes_bytes_max = std::size_t{1} << 24;

lockstep_options for_names(const explore_options& options) {
  lockstep_options o = lockstep_of(options);
  o.timers = timer_mode::free;  // whatever the schedule says
  return o;
}

// Runs `body`, in a process of its own if that is asked for; what it leaves behind is shared.
void run_supervised(execution& record, const explore_options& options,
                    const std::function<void()>& body) {
  options.supervise ? run_apart(record, options.hang_after, body) : body();
}

void write_line(shared_array<char>& to, const std::string& line) {
  if (to.append({line.data(), line.size()})) to.push('\n');
}

std::vector<std::string> lines_in(const shared_array<char>& from) {
  std::vector<std::string> lines(1);
  for (const char c : from.all()) {
    c == '\n' ? void(lines.emplace_back()) : void(lines.back() += c);
  }
  lines.pop_back();
  return lines;
}

// What else was forbidden is nothing to a verdict of its own.
regression for_verdict(regression r) {
  if (r.what == verdict::mismatch) return r;
  r.options.forbid.clear();
  r.options.allow.clear();
  return r;
}

}  // namespace

regression record(const program& recorded, std::string_view text, const explore_options& options) {
  const sole_explorer mine(recorded.name);
  const followed_token given = follow_token(recorded, text, options);
  const replay_result& first = given.result;
  if (!first.unfit.empty()) throw malformed_token(first.unfit);
  execution done;
  shared_array<char> notes(notes_bytes_max);
  run_supervised(done, options, [&] {
    stable_names names;
    replay_strategy decides(given.follow);
    naming_strategy names_decisions(
        decides, names, [&](const named_decision& d) { write_line(notes, text_of(d)); });
    names_decisions.begin(0);
    done.clear(0);
    lockstep(for_names(options)).execute(recorded.main, names_decisions, done, &names);
  });
  const reported_outcome& shown = first.outcome.outcomes.at(0);
  regression r{.program = recorded.name, .what = shown.lowest, .token = shown.token};
  if (!first.outcome.findings.empty()) r.cause = first.outcome.findings[0].summary;
  if (done.facts().drew_random) r.seed = given.follow.data_seed;
  r.decisions = lines_in(notes);
  r.options = options_of(given.options);
  return for_verdict(std::move(r));
}

regression record(const program& recorded, const finding& found, const explore_options& options) {
  regression r = record(recorded, std::string_view(found.token), options);
  r.what = found.what;
  r.cause = found.summary;
  r.options.forbid = options.forbid;
  r.options.allow = options.allow;
  return for_verdict(std::move(r));
}

followed_regression follow(const program& followed, const regression& by,
                           const explore_options& given) {
  explore_options options = given;
  add_options(options, by.options);
  const sole_explorer mine(followed.name);
  std::vector<named_decision> decisions;
  for (const std::string& line : by.decisions) {
    decisions.push_back(parse_decision(line).value());
  }
  execution done;
  shared_array<char> notes(notes_bytes_max);
  run_supervised(done, options, [&] {
    stable_names names;
    named_strategy decides(decisions, by.seed, names, [&](const named_strategy::fate& f) {
      write_line(notes, f.is_applied ? "" : (f.is_known ? "+" : "-") + f.why_not);
    });
    decides.begin(0);
    done.clear(0);
    lockstep(for_names(options)).execute(followed.main, decides, done, &names);
    decides.end(done);
  });
  followed_regression came;
  for (const std::string& note : lines_in(notes)) {
    came.applied += note.empty();
    came.unknown += note.starts_with('-');
    if (!note.empty()) came.left_out.push_back(note.substr(1));
  }
  came.result = replay(followed, text_of(schedule_of(done)), options);
  return came;
}

}  // namespace braid
