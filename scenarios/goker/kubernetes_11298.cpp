// kubernetes 11298: a signal to a condition for which nobody waits yet.
//
// A service waits for changes: it starts a goroutine that waits on a condition and closes a
// channel, because a select knows channels only. If the notifier has finished the service signals
// the condition itself, and receives from that channel until the goroutine has noticed. Where the
// goroutine has not begun to wait by then, the signal is lost, and all wait for ever. (The service
// has locked before it starts the goroutine, which unlocks by waiting.) The original goes round
// until it is aborted; here there is one round.
//
// Fixed by announcing changes on a channel: one that is announced early is not lost.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <chrono>
#include <functional>
#include <variant>

namespace {

constexpr int changes_max = 2;

using signal_chan = braid::chan<std::monostate>;

signal_chan new_signal(int capacity = 0) { return braid::make_chan<std::monostate>(capacity); }

// Closed when f() has returned.
signal_chan after(const char* name, std::function<void()> f) {
  const signal_chan ended = new_signal();
  braid::go({.name = name}, [=] {
    f();
    ended.close();
  });
  return ended;
}

struct notifier {
  braid::mutex guard;
  braid::cond has_changed;
  signal_chan changed = new_signal(1);  // of the fix
};

void serve(notifier& n, const signal_chan& finished) {
  n.guard.lock();
  while (braid::select{braid::recv(finished), braid::otherwise} != 0) {
    const signal_chan noticed = after("waiter", [&n] { n.has_changed.wait(n.guard); });
    if (braid::select{braid::recv(finished), braid::recv(noticed)} == 1) continue;
    n.has_changed.notify_one();
    noticed.recv();
    break;
  }
  n.guard.unlock();
}

void serve_as_fixed(notifier& n, const signal_chan& finished) {
  while (braid::select{braid::recv(finished), braid::recv(n.changed)} != 0) {
  }
}

void notify(notifier& n, const signal_chan& abort, bool is_fixed) {
  for (int i = 0; i < changes_max; ++i) {
    if (braid::select{braid::recv(abort), braid::otherwise} == 0) return;
    n.guard.lock();
    if (is_fixed) {
      n.changed.try_send({});
    } else {
      n.has_changed.notify_one();
    }
    n.guard.unlock();
  }
}

void notify_until_aborted(bool is_fixed) {
  const signal_chan abort = new_signal();
  const signal_chan ended = after("service", [=] {
    notifier n;
    const signal_chan finished =
        after("notifier", [&n, abort, is_fixed] { notify(n, abort, is_fixed); });
    if (is_fixed) {
      serve_as_fixed(n, finished);
    } else {
      serve(n, finished);
    }
  });
  braid::go({.name = "abort"}, [=] {
    braid::sleep_for(std::chrono::nanoseconds(300));
    abort.close();
  });
  ended.recv();
}

}  // namespace

BRAID_SCENARIO("goker/kubernetes_11298", "a condition is signalled before anybody waits for it",
               {.expected = {"", {"", "deadlock"}}, .exhaustible = false}) {
  notify_until_aborted(false);
}
BRAID_SCENARIO("goker/kubernetes_11298-fixed", "changes are announced on a channel",
               {.expected = {""}, .exhaustible = false}) {
  notify_until_aborted(true);
}
