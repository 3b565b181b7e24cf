// kubernetes 13058: a handler that counts down before the test has counted up.
//
// A test starts a controller, whose handler is called now and then and says "done" to a wait group.
// Only then does it add to that wait group, starts a few threads, and waits. Where the handler is
// called before the add the counter would go below zero, which is a panic. (So it would where the
// handler is called once more than expected, before the controller is stopped: that takes a machine
// that stalls, `--timers free`.)
//
// Fixed by adding before the controller is started; and the handler says "done" only as often as is
// expected.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <variant>

namespace {

constexpr int threads = 3;

using signal_chan = braid::chan<std::monostate>;

void control(const signal_chan& stop, const std::function<void()>& deleted) {
  while (braid::select{braid::recv(stop), braid::otherwise} != 0) {
    deleted();
    braid::sleep_for(std::chrono::milliseconds(10));
  }
}

// A goroutine for each thread, which does nothing.
void run_threads() {
  braid::wait_group running;
  running.add(threads);
  for (int i = 0; i < threads; ++i) {
    braid::go({.name = "thread"}, [&] { running.done(); });
  }
  running.wait();
}

}  // namespace

BRAID_SCENARIO("goker/kubernetes_13058", "a wait group is added to when it may be done already",
               {.expected = {"", {"", "panic"}}, .exhaustible = false}) {
  const auto deleted = std::make_shared<braid::wait_group>();
  const signal_chan stop = braid::make_chan<std::monostate>();
  braid::go({.name = "controller"}, [=] { control(stop, [&] { deleted->done(); }); });
  deleted->add(threads);
  run_threads();
  deleted->wait();
  stop.close();
}
// A controller that sleeps again and again while main does nothing: cut, where timers are free.
BRAID_SCENARIO("goker/kubernetes_13058-fixed", "a wait group is added to before it can be done",
               {.expected = {""}, .expected_free = {"", {"", "steps"}}, .exhaustible = false}) {
  const auto deleted = std::make_shared<braid::wait_group>();
  const signal_chan stop = braid::make_chan<std::monostate>();
  deleted->add(threads);
  braid::go({.name = "controller"}, [=] {
    int expected = threads;
    control(stop, [&] {
      if (expected-- > 0) deleted->done();
    });
  });
  run_threads();
  deleted->wait();
  stop.close();
}
