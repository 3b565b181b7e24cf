// moby 29733: waiting for an activation that nobody does.
//
// A plugin is waited for until it is active, with a condition. Registering a handler made all
// plugins inactive again, and what would activate them relied on the wait: so nobody ever sets the
// flag, or signals. Main and the goroutine that waits hang in every schedule, in the first of two
// calls.
//
// Fixed by activating a plugin once, under the lock and with a broadcast; registering a handler
// leaves it as it is.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <variant>

namespace {

struct plugin {
  braid::mutex guard;
  braid::cond changed;
  braid::var<bool> is_active = false;
};

void activate(plugin& p) {
  p.guard.lock();
  p.is_active.write(true);
  p.changed.notify_all();
  p.guard.unlock();
}

void await_active(plugin& p) {
  const auto done = braid::make_chan<std::monostate>();
  braid::go({.name = "waiter"}, [&p, done] {
    p.guard.lock();
    while (!p.is_active.read()) p.changed.wait(p.guard);
    p.guard.unlock();
    done.close();
  });
  done.recv();
}

void handle(plugin& p, braid::mutex& plugins, bool is_fixed) {
  plugins.lock();
  if (!is_fixed) p.is_active.write(false);
  plugins.unlock();
}

void register_handler(bool is_fixed) {
  plugin p;
  braid::mutex plugins;
  if (is_fixed) {
    braid::go({.name = "activator"}, [&] { activate(p); });
  }
  await_active(p);
  handle(p, plugins, is_fixed);
  await_active(p);
}

}  // namespace

BRAID_SCENARIO("goker/moby_29733", "a condition that nobody makes true",
               {.expected = {{"", "deadlock"}}, .exhaustible = false}) {
  register_handler(false);
}
BRAID_SCENARIO("goker/moby_29733-fixed", "a condition that becomes true, and stays so",
               {.expected = {""}, .exhaustible = false}) {
  register_handler(true);
}
