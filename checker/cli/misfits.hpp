// Tokens that cannot be followed, as refusals.
#pragma once

#include <braid/explore.hpp>

#include "cli/interrupt.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/settings.hpp"
#include "cli/terminal.hpp"

namespace braid::cli {

// What `follow` returns, which follows tokens. Throws refusal.
template <class F>
auto refusing_misfits(F&& follow) {
  try {
    return follow();
  } catch (const wrong_program& why) {
    throw refusal(exit_code::unfit, why.what());
  } catch (const malformed_token& why) {
    refuse_usage(why.what());
  }
}

// All of a token was followed, and came to something else: by a change of the program, or by what
// braid does not control.
inline void complain_of_other_trace(const std::string& program, const settings& asked) {
  complain(
      "all deviations were applied, but the trace is not the one of this token; if the "
      "program is the same, see: " +
      check_command(program, asked));
}

// The options under which a token's execution is shrunk or compared.
inline explore_options options_for_shrinking(const settings& asked) {
  explore_options options = asked.search;
  options.supervise = true;
  options.interrupted = was_interrupted;
  return options;
}

inline shrink_options limits_of(const settings& asked) {
  const shrink_options defaults;
  return {.steps_max = asked.shrink_steps.value_or(defaults.steps_max)};
}

}  // namespace braid::cli
