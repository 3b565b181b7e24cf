// cockroach 10790: who drains the channels of cancelled commands.
//
// A replica waits for two commands, each of which answers on a channel of its own. If its context
// is cancelled meanwhile it starts a goroutine that receives both answers, so that nobody waits to
// send them. But the commands stop when the context is cancelled, too, and an answer that was
// received before does not come again: the drainer waits for ever, and with it another one if both
// waits were cancelled. Nobody sees it, for main has returned.
//
// Fixed by draining only what was not received yet, and no longer than until the shutdown.
#include <array>
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <cstddef>
#include <memory>
#include <utility>
#include <variant>

namespace {

using answers = std::array<braid::chan<bool>, 2>;

void drain(const answers& all) {
  for (const auto& c : all) c.recv();
}

void drain_until(const braid::chan<std::monostate>& quiesce, const answers& all, std::size_t from) {
  for (std::size_t i = from; i < all.size(); ++i) {
    if (braid::select{braid::recv(all[i]), braid::recv(quiesce)} == 1) return;
  }
}

void begin_commands(bool is_fixed) {
  auto scope = std::make_shared<braid::cancel_scope>(braid::context::background());
  const braid::context ctx = scope->ctx();
  const auto quiesce = braid::make_chan<std::monostate>();
  const answers all = {braid::make_chan<bool>(), braid::make_chan<bool>()};
  braid::go({.name = "commands"}, [=] {
    for (const auto& c : all) {
      if (braid::select{braid::send(c, true), braid::recv(ctx.done())} == 1) return;
    }
  });
  braid::go({.name = "replica"}, [=] {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (braid::select{braid::recv(all[i]), braid::recv(ctx.done())} == 0) continue;
      braid::go({.name = "drainer"}, [=] {
        if (is_fixed) {
          drain_until(quiesce, all, i);
        } else {
          drain(all);
        }
      });
    }
  });
  braid::go({.name = "cancel"}, [scope = std::move(scope)] { scope->cancel(); });
  quiesce.close();
}

}  // namespace

BRAID_SCENARIO("goker/cockroach_10790", "a drainer waits for what nobody will send",
               {.expected = {"", {"", "leak"}}, .exhaustible = false}) {
  begin_commands(false);
}
BRAID_SCENARIO("goker/cockroach_10790-fixed", "a drainer gives up at the shutdown",
               {.expected = {""}, .exhaustible = false}) {
  begin_commands(true);
}
