// Loops that wait for a value, with nothing in them that says so: braid sets a goroutine aside that
// repeats an iteration, until something that it read is changed.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <memory>

namespace {

// Runs body(0) in this goroutine and body(1) in another one, and waits for that.
template <class F>
void in_two(const F& body) {
  braid::wait_group other;
  other.add(1);
  braid::go([&] {
    body(1);
    other.done();
  });
  body(0);
  other.wait();
}

}  // namespace

BRAID_SCENARIO("spin/flag", "main waits for a flag, without a yield", {.expected = {"ready\n"}}) {
  braid::atomic<bool> flag = false;
  braid::go([&] { flag.store(true); });
  while (!flag.load()) {
  }
  braid::println("ready");
}

BRAID_SCENARIO("spin/lock", "a lock by compare_exchange", {.expected = {"2\n"}}) {
  braid::atomic<bool> locked = false;
  int count = 0;
  const auto add = [&](int) {
    for (bool expected = false; !locked.compare_exchange_strong(expected, true);) expected = false;
    ++count;
    locked.store(false);
  };
  in_two(add);
  braid::println(count);
}

// G. L. Peterson, Myths about the mutual exclusion problem, 1981.
BRAID_SCENARIO("spin/peterson", "two take turns", {.expected = {"2\n"}}) {
  braid::atomic<bool> wants[2];
  braid::atomic<int> turn = 0;
  int count = 0;
  const auto add = [&](int self) {
    wants[self].store(true);
    turn.store(1 - self);
    while (wants[1 - self].load() && turn.load() != self) {
    }
    ++count;
    wants[self].store(false);
  };
  in_two(add);
  braid::println(count);
}

// Who finds that the other wants it too steps back, and tries again when the other has gone: only a
// scheduler that lets both step back and forth in turn for ever would keep them there.
BRAID_SCENARIO("spin/back-off", "two step back for each other, as in Dekker's first attempt",
               {.expected = {"2\n"}, .exhaustible = false}) {
  braid::atomic<bool> wants[2];
  int count = 0;
  const auto add = [&](int self) {
    for (wants[self].store(true); wants[1 - self].load(); wants[self].store(true)) {
      wants[self].store(false);
      while (wants[1 - self].load()) {
      }
    }
    ++count;
    wants[self].store(false);
  };
  in_two(add);
  braid::println(count);
}

BRAID_SCENARIO("spin/livelock", "two wait for each other's flag first",
               {.expected = {{"", "livelock"}}}) {
  braid::atomic<bool> flags[2];
  const auto meet = [&](int self) {
    while (!flags[1 - self].load()) braid::this_goroutine::yield();
    flags[self].store(true);
  };
  in_two(meet);
}

// Not a repetition: the counter is another one each time.
BRAID_SCENARIO("spin/counted", "a loop that counts, and gives up after N",
               {.size = 5, .expected = {"gave up\n", "ready\n"}}) {
  const auto flag = std::make_shared<braid::atomic<bool>>(false);
  braid::go([flag] { flag->store(true); });
  for (int i = 0; i < size; ++i) {
    if (!flag->load()) continue;
    braid::println("ready");
    return;
  }
  braid::println("gave up");
}

// The same with a counter on the heap, where braid does not see it.
BRAID_SCENARIO("spin/counted-on-heap", "a loop that counts where braid does not see it",
               {.size = 8, .expected = {"", {"", "steps"}}, .exhaustible = false}) {
  braid::atomic<bool> flag = false;
  auto left = std::make_unique<int>(size);
  while (!flag.load() && --*left > 0) {
  }
}
