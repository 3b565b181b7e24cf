// braid diff: where a bad and a good run part, side by side.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/misfits.hpp"
#include "cli/places.hpp"
#include "cli/replay_line.hpp"
#include "cli/schedule_word.hpp"
#include "cli/terminal.hpp"
#include "report/beside.hpp"
#include "report/json.hpp"
#include "report/outcome_text.hpp"

namespace braid::cli {
namespace {

run_beside side_of(const report& r, const history& told, const style& look) {
  const reported_outcome& o = r.outcomes.at(0);
  return {
      .head = o.token, .outcome = outcome_in_words(o, look), .is_bad = is_bad(o), .told = &told};
}

void print_text(const diff_result& d, const settings& asked) {
  const style look = style_of(asked);
  page p(look);
  put_program(p, d.bad.program);
  p.end_line().end_line();
  if (d.first_difference == 0) {
    p.to(2).put("the two executions are the same").end_line();
  } else {
    write_beside(p, side_of(d.bad, d.bad_told, look), side_of(d.good, d.good_told, look),
                 d.first_difference, asked.verbose);
  }
  p.end_line();
  const std::string replay = replay_command(d.bad.program, asked);
  for (const report* r : {&d.bad, &d.good}) {
    p.to(2).put("replay   ", ink::faint);
    p.put(replay + " " + r->outcomes.at(0).token, ink::accent).end_line();
  }
  write_out(p.take());
}

json diff_to_json(const diff_result& d, const settings& asked) {
  const auto side = [&](const report& r, const history& told) {
    histories events;
    if (asked.trace) events[r.outcomes.at(0).token] = told;
    return braid::to_json(r, events);
  };
  json j;
  j["v"] = 1;
  j["program"] = d.bad.program;
  j["first_difference"] = d.first_difference == 0 ? json() : json(d.first_difference);
  j["bad"] = side(d.bad, d.bad_told);
  j["good"] = d.has_good ? side(d.good, d.good_told) : json();
  return j;
}

}  // namespace

int diff(const settings& given) {
  const std::size_t words = given.words.size();
  if (words < 2 || words > 3) refuse_usage("diff needs a PROGRAM and one or two TOKENs");
  const program compared = program_called(given.words[0]);
  settings asked = given;
  const std::string token = token_named(given.words[1], compared, asked);
  const std::string other = words == 3 ? token_named(given.words[2], compared, asked) : "";
  catch_interrupts();
  const explore_options options = options_for_shrinking(asked);
  const diff_result d = refusing_misfits(
      [&] { return braid::diff(compared, token, other, options, limits_of(asked)); });
  if (!d.unfit.empty()) throw refusal(exit_code::unfit, d.unfit);
  if (asked.json) {
    write_out(text_of(diff_to_json(d, asked)) + "\n");
  } else if (d.has_good) {
    print_text(d, asked);
  } else if (d.has_finding) {
    write_out("no execution without the " + std::string(name_of(d.bad.findings.front().what)) +
              " was found\n");
  } else {
    write_out("this execution of " + compared.name +
              " has no finding: name another one to compare it with\n");
  }
  return was_interrupted() ? exit_code::interrupted : 0;
}

}  // namespace braid::cli
