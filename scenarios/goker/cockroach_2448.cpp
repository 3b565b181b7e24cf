// cockroach 2448: the loops of the store and of raft, each waiting for the other.
//
// The raft loop sends events to the store loop; each event has a callback, with which the store
// loop hands a function back to the raft loop. When there is nothing to run, the raft loop goes on
// to its next event. Where it does so before the callback of the last one has come, both send to
// each other and neither receives: two goroutines are left waiting when main has returned. (The
// original loops for ever otherwise; here it ends after a few events.)
//
// Fixed by a queue without a bound: the raft loop appends, and another goroutine sends.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <variant>

namespace {

constexpr int events_max = 3;

using function = std::function<void()>;

struct loops {
  const braid::chan<function> events = braid::make_chan<function>();
  const braid::chan<function> callbacks = braid::make_chan<function>();
  const braid::chan<std::monostate> stop = braid::make_chan<std::monostate>();  // nobody does
  // Of the fix:
  braid::mutex guard;
  braid::cond appended;
  std::deque<function> queue;
};

// An event; what it calls runs in the store loop.
function new_event(loops& l) {
  return [&l] {
    const function call = [] { braid::sleep_for(std::chrono::nanoseconds(1)); };
    braid::select{braid::send(l.callbacks, call), braid::recv(l.stop)};
  };
}

void store_loop(loops& l) {
  for (int i = 0; i < events_max; ++i) {
    function callback;
    if (braid::select{braid::recv(l.events, callback), braid::recv(l.stop)} == 1) return;
    callback();
  }
}

template <class Post>
void raft_loop(loops& l, Post post) {
  function call;
  int served = 0;
  for (int posted = 0; posted < events_max;) {
    switch (braid::select{braid::recv(l.stop), braid::recv(l.callbacks, call), braid::otherwise}) {
      case 0:
        return;
      case 1:
        call();
        ++served;
        break;
      default:
        post(new_event(l));
        ++posted;
    }
  }
  for (; served < events_max; ++served) {
    if (braid::select{braid::recv(l.stop), braid::recv(l.callbacks, call)} == 0) return;
    call();
  }
}

void append(loops& l, function event) {
  l.guard.lock();
  l.queue.push_back(std::move(event));
  l.appended.notify_one();
  l.guard.unlock();
}

void drain(loops& l) {
  for (int i = 0; i < events_max; ++i) {
    l.guard.lock();
    while (l.queue.empty()) l.appended.wait(l.guard);
    const function event = std::move(l.queue.front());
    l.queue.pop_front();
    l.guard.unlock();
    braid::select{braid::send(l.events, event), braid::recv(l.stop)};
  }
}

}  // namespace

BRAID_SCENARIO("goker/cockroach_2448", "two loops send to each other, and neither receives",
               {.expected = {"", {"", "leak"}}, .exhaustible = false}) {
  const auto l = std::make_shared<loops>();
  braid::go({.name = "store"}, [l] { store_loop(*l); });
  braid::go({.name = "raft"}, [l] {
    raft_loop(*l, [&](const function& event) {
      braid::select{braid::send(l->events, event), braid::recv(l->stop)};
    });
  });
}
BRAID_SCENARIO("goker/cockroach_2448-fixed", "a queue between two loops that send to each other",
               {.expected = {""}, .exhaustible = false}) {
  const auto l = std::make_shared<loops>();
  braid::go({.name = "store"}, [l] { store_loop(*l); });
  braid::go({.name = "queue"}, [l] { drain(*l); });
  braid::go({.name = "raft"},
            [l] { raft_loop(*l, [&](const function& event) { append(*l, event); }); });
}
