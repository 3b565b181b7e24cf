// Mutexes, wait groups, atomics and vars under every schedule.
//
// Oracle: rules M1-M5, W1-W2, A1 and hand-made lists of outcomes.
#include <braid/braid.hpp>
#include <mutex>
#include <stdexcept>
#include <string>

#include "support/exploring.hpp"
#include "support/together.hpp"

namespace {

using braid::testing::all_outcomes;
using braid::testing::explore_all;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using braid::testing::together;

TEST_CASE("a mutex lets one goroutine in at a time", "[checker][M1]") {
  CHECK(all_outcomes([] {
          braid::mutex guard;
          together(2, [&](int i) {
            const std::lock_guard held(guard);
            braid::print(i);
            braid::print(i);
          });
        }) == outcomes{"0011", "1100"});
}

TEST_CASE("without a mutex an increment may be lost, with one it never is", "[checker][M1]") {
  const bool is_guarded = GENERATE(true, false);
  const outcomes found = all_outcomes([=] {
    braid::mutex guard;
    braid::var<int> n = 0;
    together(2, [&](int) {
      if (is_guarded) guard.lock();
      ++n;
      if (is_guarded) guard.unlock();
    });
    braid::print(n.read());
  });
  CHECK(found == (is_guarded ? outcomes{"2"} : outcomes{{"1", "race"}, {"2", "race"}}));
}

TEST_CASE("a locked mutex goes to any of those who wait for it", "[checker][M6]") {
  CHECK(all_outcomes([] {
          braid::mutex guard;
          guard.lock();
          braid::wait_group all;
          all.add(2);
          for (int i = 0; i < 2; ++i) {
            braid::go([&, i] {
              guard.lock();
              braid::print(i);
              guard.unlock();
              all.done();
            });
          }
          guard.unlock();
          all.wait();
        }) == outcomes{"01", "10"});
}

TEST_CASE("a goroutine that locks twice waits for itself", "[checker][M3]") {
  const auto r = explore_all([] {
    braid::mutex guard;
    guard.lock();
    guard.lock();
  });
  CHECK(outcomes_of(r) == outcomes{{"", "deadlock"}});
  const braid::involved_goroutine& main = r.findings.at(0).goroutines.at(0);
  CHECK(main.waits_for == "mutex1");
  CHECK(main.holds == std::vector<std::string>{"mutex1"});
}

TEST_CASE("any goroutine may unlock", "[checker][M2]") {
  CHECK(only_output([] {
          braid::mutex guard;
          guard.lock();
          braid::go([&] { guard.unlock(); });
          guard.lock();
          braid::print("in");
          guard.unlock();
        }) == "in");
}

TEST_CASE("unlock of an unlocked mutex is fatal", "[checker][M4]") {
  const auto r = explore_all([] { braid::mutex().unlock(); });
  CHECK(outcomes_of(r) == outcomes{{"", "fatal"}});
  CHECK(r.outcomes[0].errors == "fatal error: sync: unlock of unlocked mutex\n");
}

TEST_CASE("try_lock takes a free mutex and never waits for a locked one", "[checker][M5]") {
  CHECK(all_outcomes([] {
          braid::mutex guard;
          auto done = braid::make_chan<int>();
          braid::go([&] {
            guard.lock();
            guard.unlock();
            done.send(1);
          });
          const bool taken = guard.try_lock();
          braid::print(taken);
          if (taken) guard.unlock();
          done.recv();
        }) == outcomes{"false", "true"});
}

TEST_CASE("a lock order inversion deadlocks in some schedules, and its cycle is told",
          "[checker][D5]") {
  const auto r = explore_all([] {
    braid::mutex a;
    braid::mutex b;
    together(2, [&](int i) {
      const std::lock_guard first(i == 0 ? a : b);
      const std::lock_guard second(i == 0 ? b : a);
    });
  });
  CHECK(outcomes_of(r) == outcomes{"", {"", "deadlock"}});
  REQUIRE(r.findings.size() == 1);
  REQUIRE(r.findings[0].goroutines.size() == 3);
  const auto& g1 = r.findings[0].goroutines[1];
  const auto& g2 = r.findings[0].goroutines[2];
  CHECK(g1.holds == std::vector<std::string>{g2.waits_for});
  CHECK(g2.holds == std::vector<std::string>{g1.waits_for});
}

TEST_CASE("a wait ends when the counter is zero, and not before", "[checker][W1]") {
  CHECK(all_outcomes([] {
          braid::wait_group group;
          group.add(2);
          for (int i = 0; i < 2; ++i) {
            braid::go([&, i] {
              braid::print(i);
              group.done();
            });
          }
          group.wait();
          braid::print("!");
        }) == outcomes{"01!", "10!"});
}

TEST_CASE("all who wait for a group go on, and it can be used again", "[checker][W1]") {
  CHECK(only_output([] {
          braid::wait_group work;
          braid::wait_group waiters;
          for (int round = 0; round < 2; ++round) {
            work.add(1);
            waiters.add(2);
            for (int i = 0; i < 2; ++i) {
              braid::go([&] {
                work.wait();
                waiters.done();
              });
            }
            work.done();
            waiters.wait();
          }
          braid::print("done");
        }) == "done");
}

TEST_CASE("under the checker, what was written before any done is seen after the wait",
          "[checker][W5]") {
  CHECK(only_output([] {
          braid::var<int> a = 0;
          braid::var<int> b = 0;
          together(2, [&](int i) { (i == 0 ? a : b) = i + 1; });
          braid::print(a.read(), b.read());
        }) == "12");
}

TEST_CASE("a negative counter panics, and the group stays usable", "[checker][W2]") {
  CHECK(only_output([] {
          braid::wait_group group;
          try {
            group.done();
          } catch (const braid::runtime_panic& e) {
            braid::print(e.what());
          }
          group.wait();
        }) == "sync: negative WaitGroup counter");
}

TEST_CASE("an atomic update is one step, a load and a store are two", "[checker][A1][A2]") {
  CHECK(all_outcomes([] {
          braid::atomic<int> n = 0;
          together(2, [&](int) { n.fetch_add(1); });
          braid::print(n.load());
        }) == outcomes{"2"});
  CHECK(all_outcomes([] {
          braid::atomic<int> n = 0;
          together(2, [&](int) { n.store(n.load() + 1); });
          braid::print(n.load());
        }) == outcomes{"1", "2"});
}

TEST_CASE("a comparing exchange succeeds for exactly one of two rivals", "[checker][A2]") {
  CHECK(all_outcomes([] {
          braid::atomic<int> n = 0;
          int winner = -1;
          together(2, [&](int i) {
            int expected = 0;
            if (n.compare_exchange_strong(expected, 1)) winner = i;
          });
          braid::print(winner);
        }) == outcomes{"0", "1"});
}

// Sequentially consistent: of two goroutines that each store and then load the other's variable, at
// least one sees the other's store.
TEST_CASE("atomics are explored as sequentially consistent", "[checker][A1]") {
  CHECK(all_outcomes([] {
          braid::atomic<int> x = 0;
          braid::atomic<int> y = 0;
          int seen[2] = {};
          together(2, [&](int i) {
            (i == 0 ? x : y).store(1, std::memory_order_seq_cst);
            seen[i] = (i == 0 ? y : x).load(std::memory_order_seq_cst);
          });
          braid::print(seen[0], seen[1]);
        }) == outcomes{"01", "10", "11"});
}

// Each goroutine handles an exception of its own while the other one runs.
TEST_CASE("what a goroutine is handling stays its own across a wait", "[checker][P15]") {
  CHECK(all_outcomes([] {
          together(2, [&](int i) {
            try {
              throw i;
            } catch (int) {
              braid::this_goroutine::yield();
              try {
                throw;
              } catch (int again) {
                braid::print(again == i);
              }
            }
          });
        }) == outcomes{"truetrue"});
}

}  // namespace
