// Deterministic tests of concurrent code, as Go's testing/synctest (rules Y1-Y10).
//
//   TEST_CASE("a read times out after a second") {
//     braid::synctest([] {
//       bool is_done = false;
//       braid::go([&] { braid::sleep_for(1s); is_done = true; });
//       braid::synctest::sleep(1s);      // no time passes outside
//       CHECK(is_done);
//     });
//   }
//
// One schedule is run; braid::explore() runs all of them, and the same body can be given to it.
#pragma once

#include <braid/braid.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>

namespace braid {

// The body did not end well: the text says how.
class synctest_failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class synctest {
 public:
  // Runs `body` as the main goroutine of a program of its own, once and in this thread. The clock
  // begins at 2000-01-01T00:00:00Z (Y1) and moves only when all goroutines wait, whatever they wait
  // for: mutexes, too (Y2, Y3). Returns when all goroutines have ended. Prints go to stdout.
  //
  // Throws synctest_failure if a goroutine panics, or waits for ever (Y6). Without a seed the
  // schedule is the default one; each seed gives another.
  explicit synctest(const std::function<void()>& body, std::optional<std::uint64_t> seed = {});

  // Parks until all other goroutines of the program wait for something that none of them will do
  // (Y4): what they did by then happens before it returns (Y5). Timers that are due fire first
  // (Y8). Panics "goroutine is not in a bubble" in production, and "wait already in progress" if
  // another goroutine does this. (With --timers free the clock may move before it returns.)
  static void wait(where at = {});
  // Sleeps, and then waits so (Y10).
  static void sleep(duration time, where at = {}) {
    sleep_for(time, at);
    wait(at);
  }
};

}  // namespace braid
