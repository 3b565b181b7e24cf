// Goroutines with a thread of their own (rule R3).
//
// The oracle: what a goroutine sees of its thread, by std::this_thread::get_id() and a
// thread-local, is the same at all points between the first lock and the last unlock; and no other
// goroutine ever sees that thread in between.
#include <pthread.h>
#include <sched.h>
#include <unistd.h>
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/build.hpp"
#include "support/child.hpp"
#include "support/go_text.hpp"
#include "support/pools.hpp"

namespace {

using namespace std::chrono_literals;
using braid::testing::masked;
using braid::testing::run_program;
using braid::testing::scaled;

// Not inlined: the address of a thread-local must not be kept across a switch.
thread_local int value_of_thread = 0;
[[gnu::noinline]] int get_value() { return value_of_thread; }
[[gnu::noinline]] void set_value(int v) { value_of_thread = v; }
[[gnu::noinline]] pid_t thread_here() { return gettid(); }

// Whether the current goroutine's dump says so.
bool is_locked_in_dump() {
  std::ostringstream text;
  braid::dump(text);
  return text.str().find(" [running, locked to thread]:\n") != std::string::npos;
}

void wait_for_in_dump(const std::string& part) {
  std::string seen;
  while (seen.find(part) == std::string::npos) {
    braid::this_goroutine::yield();
    std::ostringstream text;
    braid::dump(text);
    seen = text.str();
  }
}

// Waits in every way that a goroutine can, with a partner that is not locked. Returns how often it
// found itself on another thread than `home`.
int times_elsewhere(pid_t home, int value) {
  int elsewhere = 0;
  const auto look = [&] { elsewhere += thread_here() != home || get_value() != value; };
  auto there = braid::make_chan<int>();
  auto back = braid::make_chan<int>();
  braid::mutex lock;
  braid::cond changed;
  braid::wait_group group;
  braid::atomic<int> turn = 0;
  bool is_changed = false;
  braid::go([&, there, back]() mutable {
    for (int v : there) back.send(v);
    braid::this_goroutine::yield();
    turn.store(1);
    {
      const std::lock_guard held(lock);
      is_changed = true;
      changed.notify_all();
    }
    group.done();
  });
  group.add(1);
  for (int i = 0; i < 20; ++i) {
    there.send(i);
    look();
    braid::select{braid::recv(back), braid::recv(braid::after(1h))};
    look();
    braid::this_goroutine::yield();
    look();
  }
  there.close();
  turn.await([](int v) { return v == 1; });
  look();
  {
    std::unique_lock held(lock);
    changed.wait(held, [&] { return is_changed; });
  }
  look();
  group.wait();
  look();
  braid::sleep_for(1ms);
  look();
  return elsewhere;
}

TEST_CASE("a goroutine that holds a thread_lock keeps its thread, whatever it waits for",
          "[runtime][R3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int count = 4;
  std::atomic<int> elsewhere = 0;
  braid::run(
      [&] {
        braid::wait_group all;
        for (int i = 1; i <= count; ++i) {
          all.add(1);
          braid::go([&, i] {
            {
              const braid::thread_lock own_thread;
              set_value(i);
              elsewhere += times_elsewhere(thread_here(), i);
              set_value(0);
            }
            all.done();
          });
        }
        all.wait();
      },
      {.workers = workers});
  CHECK(elsewhere == 0);
}

TEST_CASE("nobody else runs on the thread of a goroutine that holds a thread_lock",
          "[runtime][R3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int others = scaled(200);
  std::atomic<int> guests = 0;
  braid::run(
      [&] {
        const braid::thread_lock own_thread;
        const pid_t mine = thread_here();
        braid::wait_group all;
        for (int i = 0; i < others; ++i) {
          all.add(1);
          braid::go([&, mine] {
            for (int k = 0; k < 5; ++k) {
              guests += thread_here() == mine;
              braid::this_goroutine::yield();
            }
            all.done();
          });
          if (i % 10 == 0) braid::this_goroutine::yield();
        }
        all.wait();
      },
      {.workers = workers});
  CHECK(guests == 0);
}

// Go's TestLockOSThreadNesting.
TEST_CASE("of nested thread_locks the last one that goes gives the thread back", "[runtime][R3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::vector<bool> locked;
  bool is_same = false;
  braid::run(
      [&] {
        const auto look = [&] { locked.push_back(is_locked_in_dump()); };
        look();
        {
          const braid::thread_lock outer;
          const pid_t mine = thread_here();
          look();
          {
            const braid::thread_lock inner;
            look();
          }
          look();
          braid::this_goroutine::yield();
          is_same = thread_here() == mine;
        }
        look();
        {
          // Not in the order of a stack.
          std::optional<braid::thread_lock> first(std::in_place);
          std::optional<braid::thread_lock> second(std::in_place);
          first.reset();
          look();
          second.reset();
          look();
        }
      },
      {.workers = workers});
  CHECK(is_same);
  CHECK(locked == std::vector{false, true, true, true, false, true, false});
}

// Go's TestBlockLocked.
TEST_CASE("a goroutine that holds a thread_lock hands its values to one that does not",
          "[runtime][R3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int count = scaled(2'000);
  int sum = 0;
  braid::run(
      [&] {
        auto c = braid::make_chan<bool>();
        braid::go([c]() mutable {
          const braid::thread_lock own_thread;
          for (int i = 0; i < count; ++i) c.send(true);
          c.close();
        });
        for (const bool v : c) sum += v;
      },
      {.workers = workers});
  CHECK(sum == count);
}

// Go's TestYieldLocked and TestYieldLockedProgress.
TEST_CASE("a goroutine that holds a thread_lock lets others run by yielding",
          "[runtime][R3][G11]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  int turns = 0;
  braid::run(
      [&] {
        auto stop = braid::make_chan<int>();
        auto stopped = braid::make_chan<int>();
        braid::go([=]() mutable {
          const braid::thread_lock own_thread;
          int value = 0;
          while (!stop.try_recv(value)) braid::this_goroutine::yield();
          stopped.send(1);
        });
        for (; turns < 10; ++turns) braid::sleep_for(100us);
        stop.send(1);
        stopped.recv();
      },
      {.workers = workers});
  CHECK(turns == 10);
}

TEST_CASE("a goroutine that blocks its own thread takes no worker from the others",
          "[runtime][R3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  int met = 0;
  braid::run(
      [&] {
        std::atomic<int> turn = 0;
        braid::wait_group all;
        all.add(8);
        // More than there are workers, each of which blocks until the others have done something.
        for (int i = 0; i < 8; ++i) {
          braid::go([&, i] {
            {
              const braid::thread_lock own_thread;
              for (int seen = turn; seen != i; seen = turn) turn.wait(seen);
              ++turn;
              turn.notify_all();
            }
            all.done();
          });
        }
        all.wait();
        met = turn;
      },
      {.workers = workers});
  CHECK(met == 8);
}

TEST_CASE("a thread that was given back serves the next thread_lock", "[runtime][R3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int count = scaled(1'000);
  std::set<pid_t> threads;
  braid::run(
      [&] {
        for (int i = 0; i < count; ++i) {
          const braid::thread_lock own_thread;
          threads.insert(thread_here());
        }
      },
      {.workers = workers});
  CHECK(threads.size() == 1);
}

// Go's TestLockedDeadlock and TestLockedDeadlock2.
TEST_CASE("a deadlock is found though goroutines hold thread_locks, and its dump shows them",
          "[runtime][R3][D1][D3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_program(workers, [] {
    const braid::thread_lock own_thread;
    auto never = braid::make_chan<int>();
    braid::go([never]() mutable {
      const braid::thread_lock another;
      never.recv();
    });
    braid::go({.name = "named"}, [never]() mutable {
      const braid::thread_lock another;
      never.recv();
    });
    braid::go([never]() mutable { never.recv(); });
    braid::select{};
  });
  CHECK(child.code == 2);
  const std::string made =
      "operator()(...)\n\tFILE:LINE\ncreated by operator() in goroutine 1\n\t"
      "FILE:LINE\n";
  CHECK(masked(child.err) ==
        "fatal error: all goroutines are asleep - deadlock!\n\n"
        "goroutine 1 [select (no cases), locked to thread]:\noperator()(...)\n\tFILE:LINE\n\n"
        "goroutine N [chan receive, locked to thread]:\n" +
            made + "\ngoroutine N [chan receive, locked to thread, \"named\"]:\n" + made +
            "\ngoroutine N [chan receive]:\n" + made);
}

// The only runnable goroutine is on no worker: all of these sleep.
TEST_CASE("while a goroutine runs on its own thread there is no deadlock", "[runtime][R3][D1]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_program(workers, [] {
    auto done = braid::make_chan<int>();
    auto sent = std::make_shared<std::atomic<bool>>(false);
    braid::go([done, sent]() mutable {
      const braid::thread_lock own_thread;
      wait_for_in_dump("goroutine 1 [chan receive]");
      for (int i = 0; i < 1000; ++i) sched_yield();  // the workers fall asleep
      *sent = true;
      done.send(1);
    });
    done.recv();
    if (!*sent) braid::fatal("received what was not sent");
  });
  CHECK(child.code == 0);
  CHECK(child.err.empty());
}

TEST_CASE("a goroutine with a thread_lock can be woken from a thread that is none of the pool's",
          "[runtime][R3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  bool is_same = false;
  braid::run(
      [&] {
        auto c = braid::make_chan<int>();
        std::atomic<bool> is_woken = false;
        braid::go([&, c]() mutable {
          const braid::thread_lock own_thread;
          const pid_t mine = thread_here();
          c.recv();
          is_same = thread_here() == mine;
          is_woken = true;
        });
        wait_for_in_dump("[chan receive, locked to thread]");
        pthread_t waker{};
        const auto close = [](void* closed) -> void* {
          static_cast<braid::chan<int>*>(closed)->close();
          return nullptr;
        };
        if (pthread_create(&waker, nullptr, close, &c) != 0) braid::fatal("no thread");
        while (!is_woken) braid::this_goroutine::yield();
        pthread_join(waker, nullptr);
      },
      {.workers = workers});
  CHECK(is_same);
}

TEST_CASE("a panic below a thread_lock says so, and unwinding gives the thread back",
          "[runtime][R3][P1]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  bool is_still_locked = true;
  braid::run(
      [&] {
        try {
          const braid::thread_lock own_thread;
          throw std::runtime_error("left");
        } catch (const std::runtime_error&) {
          is_still_locked = is_locked_in_dump();
        }
      },
      {.workers = workers});
  CHECK_FALSE(is_still_locked);
  const auto child = run_program(workers, [] {
    const braid::thread_lock own_thread;
    braid::fatal("here");
  });
  CHECK(child.code == 2);
  CHECK(masked(child.err).rfind("fatal error: here\n\ngoroutine 1 [running, locked to thread]:\n",
                                0) == 0);
}

TEST_CASE("main may return while others hold thread_locks: running, parked, or just waking",
          "[runtime][R3][G5]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int times = scaled(50);
  std::atomic<int> unwound = 0;
  struct count_end {
    std::atomic<int>& unwound;
    ~count_end() { ++unwound; }
  };
  for (int i = 0; i < times; ++i) {
    braid::run(
        [&, i] {
          auto begun = braid::make_chan<int>();
          auto never = braid::make_chan<int>();
          for (int k = 0; k < 3; ++k) {
            braid::go([&unwound, begun, never, k]() mutable {
              const count_end at_end{unwound};
              const braid::thread_lock own_thread;
              begun.send(k);
              if (k == 0) never.recv();
              for (;;) k == 1 ? braid::this_goroutine::yield() : braid::sleep_for(10us);
            });
          }
          for (int k = 0; k < 3; ++k) begun.recv();
          if (i % 2 == 0) braid::this_goroutine::yield();
        },
        {.workers = workers});
  }
  CHECK(unwound == 3 * times);
}

TEST_CASE("a goroutine that exits below a thread_lock gives its thread back",
          "[runtime][R3][P10]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  bool was_reached = false;
  braid::run(
      [&] {
        braid::wait_group all;
        all.add(1);
        braid::go([&] {
          struct at_end {
            braid::wait_group& all;
            ~at_end() { all.done(); }
          } done{all};
          const braid::thread_lock own_thread;
          braid::this_goroutine::exit();
        });
        all.wait();
        was_reached = true;
      },
      {.workers = workers});
  CHECK(was_reached);
}

// As in Go, where the thread ends with it.
TEST_CASE("a goroutine that ends with a thread_lock that nobody destroys ends its thread",
          "[runtime][R3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::set<pid_t> threads;
  // Where they are made, so that nothing leaks.
  std::vector<std::vector<std::byte>> kept(5, std::vector<std::byte>(sizeof(braid::thread_lock)));
  std::atomic<int> values = 0;
  braid::run(
      [&] {
        for (auto& place : kept) {
          auto done = braid::make_chan<int>();
          braid::go([&, done]() mutable {
            ::new (place.data()) braid::thread_lock;
            values += get_value();
            set_value(1);
            threads.insert(thread_here());
            done.send(1);
          });
          done.recv();
        }
      },
      {.workers = workers});
  CHECK(values == 0);  // each thread was a new one
}

TEST_CASE("to destroy the thread_lock of another goroutine is fatal", "[runtime][R3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_program(workers, [] {
    auto lock = std::make_unique<braid::thread_lock>();
    auto never = braid::make_chan<int>();
    braid::go([&] { lock.reset(); });
    never.recv();
  });
  CHECK(child.code == 2);
  CHECK(child.err.rfind("fatal error: a thread_lock is destroyed by another goroutine\n", 0) == 0);
}

TEST_CASE("outside of goroutines a thread_lock does nothing", "[runtime][R3]") {
  const braid::thread_lock outer;
  const braid::thread_lock inner;
  CHECK(braid::run([] {}, {.workers = 1}) == 0);
}

}  // namespace
