// cockroach 1462: stopping a producer and a consumer of events.
//
// A stopper first waits until no task is running, then closes `quit` and waits for its workers. The
// producer looks whether `quit` is closed and, if not, sends its event with a plain send. Where
// `quit` is closed after the look, the consumer may leave, and the send has no partner any more:
// the producer waits for a receiver and main waits for the producer.
//
// Fixed by making the send a task: the stopper lets no new one begin and does not close `quit`
// before those that have begun are done.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <variant>

namespace {

constexpr int events_max = 3;  // without a bound in the original

class stopper {
 public:
  const braid::chan<std::monostate> quit = braid::make_chan<std::monostate>();

  template <class F>
  void run_worker(const char* name, F body) {
    workers_.add(1);
    braid::go({.name = name}, [this, body] {
      body();
      workers_.done();
    });
  }
  // Calls body() unless the stopper drains.
  template <class F>
  void run_task(F body) {
    guard_.lock();
    const bool may_run = !is_draining_.read();
    if (may_run) tasks_.write(tasks_.read() + 1);
    guard_.unlock();
    if (!may_run) return;
    body();
    guard_.lock();
    tasks_.write(tasks_.read() - 1);
    drained_.notify_all();
    guard_.unlock();
  }
  void stop() {
    guard_.lock();
    is_draining_.write(true);
    while (tasks_.read() > 0) drained_.wait(guard_);
    guard_.unlock();
    quit.close();
    workers_.wait();
    stopped_.close();
  }

 private:
  braid::wait_group workers_;
  braid::mutex guard_;
  braid::cond drained_;
  braid::var<int> tasks_ = 0;
  braid::var<bool> is_draining_ = false;
  const braid::chan<std::monostate> stopped_ = braid::make_chan<std::monostate>();
};

void stop_workers(bool is_fixed) {
  stopper s;
  const auto events = braid::make_chan<int>();
  s.run_worker("producer", [&, events] {
    for (int event = 0; event < events_max; ++event) {
      if (braid::select{braid::recv(s.quit), braid::otherwise} == 0) return;
      if (is_fixed) {
        s.run_task([&] { events.send(event); });
      } else {
        events.send(event);
      }
    }
  });
  s.run_worker("consumer", [&, events] {
    while (braid::select{braid::recv(events), braid::recv(s.quit)} == 0) {
    }
  });
  s.stop();
}

}  // namespace

BRAID_SCENARIO("goker/cockroach_1462", "a producer sends though its consumer may have quit",
               {.expected = {"", {"", "deadlock"}}, .exhaustible = false}) {
  stop_workers(false);
}
BRAID_SCENARIO("goker/cockroach_1462-fixed", "a stopper waits for those who send",
               {.expected = {""}, .exhaustible = false}) {
  stop_workers(true);
}
