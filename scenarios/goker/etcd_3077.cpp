// etcd 3077: channels that are made by the goroutine that receives from them.
//
// The server starts its raft loop, which makes the channels by which it is to be stopped. When the
// server stops it takes these channels from the variables they were put into. Nothing orders the
// one and the other but 10 ms of sleep: a data race in every schedule, on the first variable. (A
// send on the first channel orders the accesses to the second variable.) On a machine that stalls
// for so long (`--timers free`) the server finds nil and waits for ever, and main for it.
//
// Fixed by making the channels before raft is started.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <chrono>
#include <variant>

namespace {

using signal_chan = braid::chan<std::monostate>;

signal_chan new_signal() { return braid::make_chan<std::monostate>(); }

struct raft {
  braid::var<signal_chan> stopped;
  braid::var<signal_chan> done;

  void make_channels() {
    stopped.write(new_signal());
    done.write(new_signal());
  }
  void run() {
    stopped.read().recv();
    done.read().close();
  }
  void stop() {
    stopped.read().send({});
    done.read().recv();
  }
};

void serve(const signal_chan& stop, const signal_chan& is_done, bool is_fixed) {
  raft r;
  if (is_fixed) r.make_channels();
  braid::go({.name = "raft"}, [&r, is_fixed] {
    if (!is_fixed) r.make_channels();
    r.run();
  });
  braid::sleep_for(std::chrono::milliseconds(10));
  stop.recv();
  r.stop();
  is_done.close();
}

void start_and_stop(bool is_fixed) {
  const signal_chan stop = new_signal();
  const signal_chan is_done = new_signal();
  braid::go({.name = "server"}, [=] { serve(stop, is_done, is_fixed); });
  braid::select{braid::send(stop, {}), braid::recv(is_done)};
  is_done.recv();
}

}  // namespace

BRAID_SCENARIO("goker/etcd_3077", "channels are used without knowing that they were made",
               {.expected = {{"", "race"}},
                .expected_free = {{"", "race"}, {"", "deadlock"}},
                .exhaustible = false}) {
  start_and_stop(false);
}
BRAID_SCENARIO("goker/etcd_3077-fixed", "channels are made before who uses them is started",
               {.expected = {""}, .exhaustible = false}) {
  start_and_stop(true);
}
