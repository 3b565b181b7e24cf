// One schedule of a program, for tests; see <braid/testing/synctest.hpp>.
#include <braid/panic.hpp>
#include <braid/testing/synctest.hpp>
#include <cstdio>
#include <string>

#include "lockstep/lockstep.hpp"
#include "process/sole_explorer.hpp"
#include "strategy/catalogue.hpp"

namespace braid {
namespace {

std::string what_is_wrong(const execution& done) {
  const verdict_set found = done.verdicts();
  if (found.has(verdict::panic) || found.has(verdict::fatal)) return std::string(done.errors());
  if (found.has(verdict::deadlock)) return "deadlock: all goroutines in bubble are blocked";
  if (found.has(verdict::leak)) {
    return "deadlock: main bubble goroutine has exited but blocked goroutines remain";
  }
  return found.lowest() == verdict::ok ? "" : std::string(name_of(found.lowest()));
}

// The scheduler that runs the caller, or null in production.
lockstep* running_scheduler() { return dynamic_cast<lockstep*>(&current_scheduler()); }

}  // namespace

synctest::synctest(const std::function<void()>& body, std::optional<std::uint64_t> seed) {
  const sole_explorer mine("synctest");
  // Races are not looked for: that begins an execution again, and tests have side effects.
  lockstep scheduler(
      {.steps_max = 10'000'000, .run_on_steps_max = 10'000'000, .check_races = false});
  const auto decides =
      seed ? make_strategy({.name = "random", .seed = *seed}) : make_strategy({.name = "dfs"});
  execution record;
  decides->begin(0);
  record.clear(0);
  scheduler.execute(body, *decides, record, nullptr);
  std::fwrite(record.output().data(), 1, record.output().size(), stdout);
  if (const std::string wrong = what_is_wrong(record); !wrong.empty())
    throw synctest_failure(wrong);
}

void synctest::wait(where at) {
  const lockstep* const bubble = running_scheduler();
  if (bubble == nullptr) panic("goroutine is not in a bubble", at);
  if (bubble->is_somebody_settling()) panic("wait already in progress", at);
  const op next{.kind = op_kind::settle, .at = at};
  if (!detail::announce(next)) return;
  detail::report({.done = next});
}

}  // namespace braid
