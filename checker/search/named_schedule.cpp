// The schedule that a token stands for; see named_schedule.hpp.
#include "search/named_schedule.hpp"

#include <braid/panic.hpp>

#include "explain/replayer.hpp"
#include "search/report.hpp"
#include "trace/run_token.hpp"

namespace braid {

schedule schedule_named(std::string_view token, const program& replayed,
                        const explore_options& options) {
  const std::optional<run_token> run = parse_run_token(token);
  if (!run) {
    const std::optional<braid::token> known = parse_token(token);
    BRAID_ASSERT(known);
    return known->follow;
  }
  replayer repeats(replayed, lockstep_of(with_options_of(token, options)), options.supervise);
  return schedule_of(repeats.rerun({.name = run->strategy,
                                    .seed = run->seed,
                                    .preemptions_max = run->preemptions_max,
                                    .delays_max = run->delays_max},
                                   run->run, false));
}

explore_options with_options_of(std::string_view token, explore_options options) {
  if (const std::optional<run_token> run = parse_run_token(token)) {
    options.timers = run->timers;
    options.steps_max = run->steps_max;
  }
  return options;
}

}  // namespace braid
