// Tokens that cannot be followed, as refusals.
#pragma once

#include <braid/explore.hpp>

#include "cli/interrupt.hpp"
#include "cli/refusal.hpp"
#include "cli/settings.hpp"

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
