// Goroutines that share channels: a table of programs, and what performs them.
//
// A program is the capacities of its channels and the operations of each goroutine: s sends, r
// receives, x closes, ts and tr do so if that does not wait, sel selects among receives. The
// numbers of classes are those of a brute force over channels that park as Go's do.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

#include "dpor/notation.hpp"

namespace {

enum class kind { send, receive, close, try_send, try_receive, select, select_default };

struct op {
  kind what;
  int channel;
  int other = 0;  // of a select
  braid::where at = {};
};

op s(int channel, braid::where at = {}) { return {kind::send, channel, 0, at}; }
op r(int channel, braid::where at = {}) { return {kind::receive, channel, 0, at}; }
op x(int channel, braid::where at = {}) { return {kind::close, channel, 0, at}; }
op ts(int channel, braid::where at = {}) { return {kind::try_send, channel, 0, at}; }
op tr(int channel, braid::where at = {}) { return {kind::try_receive, channel, 0, at}; }
op sel(op first, op second, bool has_default = false, braid::where at = {}) {
  return {has_default ? kind::select_default : kind::select, first.channel, second.channel, at};
}

void perform(const op& o, std::vector<braid::chan<int>>& channels, int value) {
  braid::chan<int>& c = channels[static_cast<std::size_t>(o.channel)];
  braid::chan<int>& d = channels[static_cast<std::size_t>(o.other)];
  switch (o.what) {
    case kind::send:
      return c.send(value, o.at);
    case kind::receive:
      c.recv(o.at);
      return;
    case kind::close:
      return c.close(o.at);
    case kind::try_send:
      braid::select(braid::send(c, value), braid::otherwise, o.at);
      return;
    case kind::try_receive:
      braid::select(braid::recv(c), braid::otherwise, o.at);
      return;
    case kind::select:
      braid::select(braid::recv(c), braid::recv(d), o.at);
      return;
    case kind::select_default:
      braid::select(braid::recv(c), braid::recv(d), braid::otherwise, o.at);
      return;
  }
}

void run(const std::vector<int>& capacities, const std::vector<std::vector<op>>& goroutines) {
  std::vector<braid::chan<int>> channels;
  for (const int capacity : capacities) channels.push_back(braid::make_chan<int>(capacity));
  dpor::team all;
  const auto body = [&](long self) {
    for (const op& o : goroutines[static_cast<std::size_t>(self)]) {
      perform(o, channels, static_cast<int>(self));
    }
  };
  for (std::size_t i = 0; i < goroutines.size(); ++i) all.spawn(body, static_cast<long>(i));
  all.join_all();
}

const braid::expected_outcomes ends_well = {""};
const braid::expected_outcomes blocks = {{"", "deadlock"}};

}  // namespace

BRAID_SCENARIO("dpor/chan_spsc_cap0_n1", "one sends one, one receives one, unbuffered",
               {.expected = ends_well}) {
  run({0}, {{s(0)}, {r(0)}});
}

BRAID_SCENARIO("dpor/chan_spsc_cap0_n2", "one sends two, one receives two, unbuffered",
               {.expected = ends_well}) {
  run({0}, {{s(0), s(0)}, {r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_spsc_cap0_n3", "one sends three, one receives three, unbuffered",
               {.expected = ends_well}) {
  run({0}, {{s(0), s(0), s(0)}, {r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_spsc_cap0_n4", "one sends four, one receives four, unbuffered",
               {.expected = ends_well}) {
  run({0}, {{s(0), s(0), s(0), s(0)}, {r(0), r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_spsc_cap1_n1", "one sends one, one receives one, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{s(0)}, {r(0)}});
}

BRAID_SCENARIO("dpor/chan_spsc_cap1_n2", "one sends two, one receives two, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{s(0), s(0)}, {r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_spsc_cap1_n3", "one sends three, one receives three, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{s(0), s(0), s(0)}, {r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_spsc_cap1_n4", "one sends four, one receives four, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{s(0), s(0), s(0), s(0)}, {r(0), r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_spsc_cap2_n1", "one sends one, one receives one, capacity 2",
               {.expected = ends_well}) {
  run({2}, {{s(0)}, {r(0)}});
}

BRAID_SCENARIO("dpor/chan_spsc_cap2_n2", "one sends two, one receives two, capacity 2",
               {.expected = ends_well}) {
  run({2}, {{s(0), s(0)}, {r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_spsc_cap2_n3", "one sends three, one receives three, capacity 2",
               {.expected = ends_well}) {
  run({2}, {{s(0), s(0), s(0)}, {r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_spsc_cap2_n4", "one sends four, one receives four, capacity 2",
               {.expected = ends_well}) {
  run({2}, {{s(0), s(0), s(0), s(0)}, {r(0), r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_fanin_cap0_p2", "two send one each, one receives two, unbuffered",
               {.expected = ends_well}) {
  run({0}, {{s(0)}, {s(0)}, {r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_fanin_cap0_p3", "three send one each, one receives three, unbuffered",
               {.expected = ends_well}) {
  run({0}, {{s(0)}, {s(0)}, {s(0)}, {r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_fanin_cap0_p4", "four send one each, one receives four, unbuffered",
               {.expected = ends_well, .exhaustible = false}) {
  run({0}, {{s(0)}, {s(0)}, {s(0)}, {s(0)}, {r(0), r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_fanin_cap1_p2", "two send one each, one receives two, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{s(0)}, {s(0)}, {r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_fanin_cap1_p3", "three send one each, one receives three, capacity 1",
               {.expected = ends_well, .exhaustible = false}) {
  run({1}, {{s(0)}, {s(0)}, {s(0)}, {r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_fanin_cap1_p4", "four send one each, one receives four, capacity 1",
               {.expected = ends_well, .exhaustible = false}) {
  run({1}, {{s(0)}, {s(0)}, {s(0)}, {s(0)}, {r(0), r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_matched_cap0_p1", "one sends one, one receives one, unbuffered",
               {.expected = ends_well}) {
  run({0}, {{s(0)}, {r(0)}});
}

BRAID_SCENARIO("dpor/chan_matched_cap0_p2", "two send one, two receive one, unbuffered",
               {.expected = ends_well}) {
  run({0}, {{s(0)}, {s(0)}, {r(0)}, {r(0)}});
}

BRAID_SCENARIO("dpor/chan_matched_cap0_p3", "three send one, three receive one, unbuffered",
               {.expected = ends_well, .exhaustible = false}) {
  run({0}, {{s(0)}, {s(0)}, {s(0)}, {r(0)}, {r(0)}, {r(0)}});
}

BRAID_SCENARIO("dpor/chan_matched_cap1_p1", "one sends one, one receives one, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{s(0)}, {r(0)}});
}

BRAID_SCENARIO("dpor/chan_matched_cap1_p2", "two send one, two receive one, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{s(0)}, {s(0)}, {r(0)}, {r(0)}});
}

BRAID_SCENARIO("dpor/chan_matched_cap1_p3", "three send one, three receive one, capacity 1",
               {.expected = ends_well, .exhaustible = false}) {
  run({1}, {{s(0)}, {s(0)}, {s(0)}, {r(0)}, {r(0)}, {r(0)}});
}

BRAID_SCENARIO("dpor/chan_close_range_cap0_n1",
               "one sends one and closes, one receives until then, unbuffered",
               {.expected = ends_well}) {
  run({0}, {{s(0), x(0)}, {r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_close_range_cap0_n2",
               "one sends two and closes, one receives until then, unbuffered",
               {.expected = ends_well}) {
  run({0}, {{s(0), s(0), x(0)}, {r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_close_range_cap0_n3",
               "one sends three and closes, one receives until then, unbuffered",
               {.expected = ends_well}) {
  run({0}, {{s(0), s(0), s(0), x(0)}, {r(0), r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_close_range_cap1_n1",
               "one sends one and closes, one receives until then, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{s(0), x(0)}, {r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_close_range_cap1_n2",
               "one sends two and closes, one receives until then, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{s(0), s(0), x(0)}, {r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_close_range_cap1_n3",
               "one sends three and closes, one receives until then, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{s(0), s(0), s(0), x(0)}, {r(0), r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_close_range_cap2_n1",
               "one sends one and closes, one receives until then, capacity 2",
               {.expected = ends_well}) {
  run({2}, {{s(0), x(0)}, {r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_close_range_cap2_n2",
               "one sends two and closes, one receives until then, capacity 2",
               {.expected = ends_well}) {
  run({2}, {{s(0), s(0), x(0)}, {r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_close_range_cap2_n3",
               "one sends three and closes, one receives until then, capacity 2",
               {.expected = ends_well}) {
  run({2}, {{s(0), s(0), s(0), x(0)}, {r(0), r(0), r(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_chan_mutex_n2", "a channel of capacity 1 as the lock of two",
               {.expected = ends_well}) {
  run({1}, {{s(0), r(0)}, {s(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_chan_mutex_n3", "a channel of capacity 1 as the lock of three",
               {.expected = ends_well}) {
  run({1}, {{s(0), r(0)}, {s(0), r(0)}, {s(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_chan_mutex_n4", "a channel of capacity 1 as the lock of four",
               {.expected = ends_well, .exhaustible = false}) {
  run({1}, {{s(0), r(0)}, {s(0), r(0)}, {s(0), r(0)}, {s(0), r(0)}});
}

BRAID_SCENARIO("dpor/chan_ab_ba_deadlock",
               "a send on a, a receive on b; another the other way round", {.expected = blocks}) {
  run({0, 0}, {{s(0), r(1)}, {s(1), r(0)}});
}

BRAID_SCENARIO("dpor/chan_select2_cap0", "two send, on a and on b; one selects once, unbuffered",
               {.expected = blocks}) {
  run({0, 0}, {{s(0)}, {s(1)}, {sel(r(0), r(1))}});
}

BRAID_SCENARIO("dpor/chan_select2x2_cap0", "two send, on a and on b; one selects twice, unbuffered",
               {.expected = ends_well}) {
  run({0, 0}, {{s(0)}, {s(1)}, {sel(r(0), r(1)), sel(r(0), r(1))}});
}

BRAID_SCENARIO("dpor/chan_select_default_cap0",
               "two send, on a and on b; one selects, with a default, unbuffered",
               {.expected = blocks}) {
  run({0, 0}, {{s(0)}, {s(1)}, {sel(r(0), r(1), true)}});
}

BRAID_SCENARIO("dpor/chan_select2_cap1", "two send, on a and on b; one selects once, capacity 1",
               {.expected = ends_well}) {
  run({1, 1}, {{s(0)}, {s(1)}, {sel(r(0), r(1))}});
}

BRAID_SCENARIO("dpor/chan_select2x2_cap1", "two send, on a and on b; one selects twice, capacity 1",
               {.expected = ends_well}) {
  run({1, 1}, {{s(0)}, {s(1)}, {sel(r(0), r(1)), sel(r(0), r(1))}});
}

BRAID_SCENARIO("dpor/chan_select_default_cap1",
               "two send, on a and on b; one selects, with a default, capacity 1",
               {.expected = ends_well}) {
  run({1, 1}, {{s(0)}, {s(1)}, {sel(r(0), r(1), true)}});
}

BRAID_SCENARIO("dpor/chan_select_cancel", "a worker selects work or done; one sends, one closes",
               {.expected = {"", {"", "deadlock"}}}) {
  run({0, 0}, {{s(0)}, {x(1)}, {sel(r(0), r(1))}});
}

BRAID_SCENARIO("dpor/chan_tryrecv_poll_n1", "one sends, one tries to receive once",
               {.expected = ends_well}) {
  run({1}, {{s(0)}, {tr(0)}});
}

BRAID_SCENARIO("dpor/chan_tryrecv_poll_n2", "one sends, one tries to receive two times",
               {.expected = ends_well}) {
  run({1}, {{s(0)}, {tr(0), tr(0)}});
}

BRAID_SCENARIO("dpor/chan_tryrecv_poll_n3", "one sends, one tries to receive three times",
               {.expected = ends_well}) {
  run({1}, {{s(0)}, {tr(0), tr(0), tr(0)}});
}

BRAID_SCENARIO("dpor/chan_trysend_full_n1", "one tries to send, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{ts(0)}});
}

BRAID_SCENARIO("dpor/chan_trysend_full_n2", "two try to send, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{ts(0)}, {ts(0)}});
}

BRAID_SCENARIO("dpor/chan_trysend_full_n3", "three try to send, capacity 1",
               {.expected = ends_well}) {
  run({1}, {{ts(0)}, {ts(0)}, {ts(0)}});
}

BRAID_SCENARIO("dpor/chan_pipeline3", "two items go through three goroutines",
               {.expected = ends_well}) {
  run({0, 0}, {{s(0), s(0)}, {r(0), s(1), r(0), s(1)}, {r(1), r(1)}});
}
