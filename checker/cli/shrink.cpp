// braid shrink: the smallest execution with the same verdict and cause.
#include "cli/commands.hpp"
#include "cli/findings.hpp"
#include "cli/misfits.hpp"
#include "cli/places.hpp"
#include "cli/replay_line.hpp"
#include "cli/schedule_word.hpp"
#include "cli/terminal.hpp"
#include "report/json.hpp"
#include "report/story.hpp"
#include "report/turning.hpp"

namespace braid::cli {
namespace {

std::string size_of(std::uint32_t steps, std::uint32_t preemptions, std::size_t deviations) {
  return size_in_words(steps, preemptions) + ", " + counted(deviations, "deviation");
}

void write_change(page& p, const shrink_result& r) {
  const reported_outcome& o = r.outcome.outcomes.at(0);
  p.to(2).put("before   ", ink::faint);
  p.put_folded(size_of(r.steps_before, r.preemptions_before, r.deviations_before)).end_line();
  p.to(2).put("after    ", ink::faint);
  std::string after = size_of(r.found.steps, r.found.preemptions, o.deviations);
  if (!r.found.shrunk_from) {
    after = "the same: nothing smaller was found";
  } else if (r.is_minimum_proved) {
    after += "; no execution with fewer preemptions has it";
  }
  p.put_folded(after).end_line();
  p.to(2).put("tried    ", ink::faint).put(counted(r.executions, "execution")).end_line();
}

void print_text(const shrink_result& r, const settings& asked) {
  page p(style_of(asked));
  if (asked.quiet) {
    write_out(p.put(r.token).end_line().take());
    return;
  }
  put_program(p, r.outcome.program);
  p.end_line().end_line();
  write_change(p, r);
  p.end_line();
  for (const finding& f : r.outcome.findings) write_finding(p, f);
  p.end_line();
  write_story(p, r.outcome.outcomes.at(0), r.told,
              {.show_all = asked.verbose,
               .replay_command = replay_command(r.outcome.program, asked),
               .about = &r.found,
               .help_command = help_command()});
  write_out(p.take());
}

}  // namespace

int shrink(const settings& given) {
  if (given.words.size() != 2) refuse_usage("shrink needs a PROGRAM and a TOKEN");
  const program shrunk = program_called(given.words[0]);
  settings asked = given;
  const std::string token = token_named(asked.words[1], shrunk, asked);
  catch_interrupts();
  const explore_options options = options_for_shrinking(asked);
  const shrink_result r =
      refusing_misfits([&] { return braid::shrink(shrunk, token, options, limits_of(asked)); });
  if (!r.unfit.empty()) throw refusal(exit_code::unfit, r.unfit);
  if (!r.same_trace) {
    complain_of_other_trace(r.outcome.program, asked);
  }
  if (asked.json) {
    histories told;
    if (asked.trace) told[r.token] = r.told;
    write_out(text_of(to_json(r.outcome, told)) + "\n");
  } else if (r.has_finding) {
    print_text(r, asked);
  } else {
    write_out("nothing to shrink: this execution of " + shrunk.name + " has no finding\n");
  }
  return was_interrupted() ? exit_code::interrupted : r.outcome.exit_code();
}

}  // namespace braid::cli
