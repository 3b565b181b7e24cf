// Go's race suite: shared mutexes, conditions, once; see support/race_suite.hpp.
#include <mutex>
#include <shared_mutex>
#include <type_traits>

#include "support/race_suite.hpp"

namespace braid::testing::race_suite_locks {
namespace {

template <class Lock>
auto writes_under(std::shared_ptr<Lock> lock, std::shared_ptr<var<int>> x) {
  return [=] {
    const std::lock_guard held(*lock);
    x->write(1);
  };
}

template <class F>
auto as_reader(std::shared_ptr<shared_mutex> book, F body) {
  return [=] {
    const std::shared_lock held(*book);
    body();
  };
}

TEST_CASE("a writer of a shared mutex comes before who has it next", "[checker][races][H11]") {
  check({{"NoRaceRWMutex",
          [] {
            const auto book = shared<shared_mutex>();
            const auto x = variable();
            in_goroutines({writes_under(book, x), as_reader(book, [=] { x->read(); })});
          }},
         {"no race: two writers",
          [] {
            const auto book = shared<shared_mutex>();
            const auto x = variable();
            in_goroutines({writes_under(book, x), writes_under(book, x)});
          }},
         {"RaceMutexRWMutex",
          [] {
            const auto x = variable();
            in_goroutines(
                {writes_under(shared<mutex>(), x), writes_under(shared<shared_mutex>(), x)});
          }},
         {"no race: written by a writer, read by readers", [] {
            const auto book = shared<shared_mutex>();
            const auto x = variable();
            in_goroutines({writes_under(book, x), as_reader(book, [=] { x->read(); }),
                           as_reader(book, [=] { x->read(); })});
          }}});
}

TEST_CASE("readers come before the next writer, and do not order each other",
          "[checker][races][H11]") {
  check({{"NoRaceRWMutexMultipleReaders",
          [] {
            const auto book = shared<shared_mutex>();
            const auto x = variable();
            const auto y = variable();
            in_goroutines(
                {as_reader(book, [=] { x->write(1); }), as_reader(book, [=] { y->write(1); })});
          }},
         {"RaceRWMutexMultipleReaders",
          [] {
            const auto book = shared<shared_mutex>();
            const auto x = variable();
            in_goroutines(
                {as_reader(book, [=] { x->write(1); }), as_reader(book, [=] { x->write(2); })});
          }},
         // That they came is told by a counter that orders nothing.
         {"NoRaceRWMutexTransitive", [] {
            const auto book = shared<shared_mutex>();
            const auto came = shared<atomic<int>>(0);
            const auto x = variable();
            const auto y = variable();
            for (const auto& mine : {x, y}) {
              go(as_reader(book, [=] {
                mine->write(1);
                // Relaxed: it orders nothing, nor does the load below.
                came->fetch_add(1, std::memory_order_relaxed);
              }));
            }
            // Relaxed: see above.
            if (came->load(std::memory_order_relaxed) != 2) return;
            const std::lock_guard held(*book);
            x->read();
            y->read();
          }}});
}

TEST_CASE("who fails to lock a shared mutex learns nothing", "[checker][races][M5][M10]") {
  const auto tries = [](bool uses_it_always) {
    return [=] {
      const auto book = shared<shared_mutex>();
      const auto x = variable();
      in_goroutines({writes_under(book, x), [=] {
                       const bool taken = book->try_lock_shared();
                       if (taken || uses_it_always) x->read();
                       if (taken) book->unlock_shared();
                     }});
    };
  };
  check({{"no race: taken", tries(false)}, {"race: not taken", tries(true)}});
}

TEST_CASE("a notification comes before the end of the wait that it ends", "[checker][races][H13]") {
  check({{"NoRaceCond",
          [] {
            const auto lock = shared<mutex>();
            const auto changed = shared<cond>();
            const auto x = variable();
            bool is_done = false;
            in_goroutines({[=, &is_done] {
                             x->write(1);
                             const std::lock_guard held(*lock);
                             is_done = true;
                             changed->notify_one();
                           },
                           [=, &is_done] {
                             std::unique_lock held(*lock);
                             changed->wait(held, [&] { return is_done; });
                             x->read();
                           }});
          }},
         {"RaceCond",
          [] {
            const auto lock = shared<mutex>();
            const auto changed = shared<cond>();
            const auto x = variable();
            bool is_done = false;
            in_goroutines({[=, &is_done] {
                             lock->lock();
                             is_done = true;
                             changed->notify_one();
                             lock->unlock();
                             x->write(1);
                           },
                           [=, &is_done] {
                             std::unique_lock held(*lock);
                             changed->wait(held, [&] { return is_done; });
                             x->read();
                           }});
          }},
         {"no race: notified without the lock", [] {
            const auto lock = shared<mutex>();
            const auto changed = shared<cond>();
            const auto x = variable();
            go([=] {
              x->write(1);
              changed->notify_one();
            });
            std::unique_lock held(*lock);
            changed->wait(held);
            x->read();
          }}});
}

TEST_CASE("what a once runs comes before all who call it", "[checker][races][W8][H14]") {
  const auto callers = [](bool reads_before) {
    return [=] {
      const auto ready = shared<once>();
      const auto x = variable();
      const auto caller = [=] {
        if (reads_before) x->read();
        ready->call([&] { x->write(1); });
        x->read();
      };
      in_goroutines({caller, caller});
    };
  };
  check({{"no race: read after", callers(false)}, {"race: read before", callers(true)}});
}

TEST_CASE("locks cannot be overwritten, atomics have no plain access", "[checker][H12][A3]") {
  CHECK_FALSE(std::is_copy_assignable_v<mutex>);
  CHECK_FALSE(std::is_copy_assignable_v<shared_mutex>);
  CHECK_FALSE(std::is_convertible_v<atomic<int>&, int&>);
}

}  // namespace
}  // namespace braid::testing::race_suite_locks
