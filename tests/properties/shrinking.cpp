// Shrinking on random small programs: verdict and cause stay, preemptions do not grow, and what is
// shrunk stays as it is.
#include <rapidcheck.h>
#include <algorithm>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "explain/cause.hpp"
#include "properties/small_program.hpp"

namespace {

using braid::finding;

TEST_CASE("shrinking keeps verdict and cause, and is done once", "[properties][shrink]") {
  const bool holds = rc::check([] {
    const braid::testing::small_program small(*braid::testing::any_numbers());
    const braid::program p{"small", small};
    const auto mode = *rc::gen::element(braid::timer_mode::ordered, braid::timer_mode::free);
    const braid::explore_options options = {.strategy = "random", .runs_max = 30, .timers = mode};
    const braid::report r = braid::explore(p, options);
    for (const finding& f : r.findings) {
      if (f.token.empty() || f.what == braid::verdict::nondeterministic) continue;
      const braid::shrink_result once = braid::shrink(p, f.token, options, {.steps_max = 20'000});
      RC_ASSERT(once.has_finding);
      RC_ASSERT(once.found.preemptions <= once.preemptions_before);
      const braid::replay_result again = braid::replay(p, once.token, options);
      RC_ASSERT(again.unfit.empty() && again.same_trace);
      RC_ASSERT(again.outcome.findings.front().what == once.found.what);
      RC_ASSERT(std::any_of(
          again.outcome.findings.begin(), again.outcome.findings.end(),
          [&](const finding& g) { return braid::cause_of(g) == braid::cause_of(once.found); }));
      if (once.found.minimal == braid::minimality::unknown) continue;
      const braid::shrink_result twice =
          braid::shrink(p, once.token, options, {.steps_max = 20'000});
      RC_ASSERT(twice.found.preemptions == once.found.preemptions);
      if (twice.found.minimal != braid::minimality::unknown) {
        RC_ASSERT(twice.deviations_before >= twice.outcome.outcomes.at(0).deviations);
      }
    }
  });
  CHECK(holds);
}

}  // namespace
