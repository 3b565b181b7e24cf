// Why a row could not come earlier: the rows of others that directly happen before it.
//
// The order is that of Go's memory model, as in detect/sync_order.hpp, told row by row and without
// clocks: a go comes before the child's first row, a send before what it lets the receiver do, an
// unlock before the next lock, what a timer sends after where it was armed. The past of a row is
// what these edges and the order within each goroutine lead back to; timers have no such order.
//
// Invariant: an edge leads from an earlier row to a later one, of another goroutine. Of each
// goroutine a row has one edge at most, and none that a row before it in its lane has already.
#pragma once

#include <braid/history.hpp>
#include <braid/scheduler.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace braid {

class causes {
 public:
  // An operation that took effect; of a select its chosen arm.
  struct act {
    op_kind kind{};
    int object = -1;            // its number; -1: none
    std::int64_t argument = 0;  // as in op
    std::int64_t result = 0;    // as in event
    bool more = true;           // as in event
  };

  explicit causes(std::vector<happening>& rows) : rows_(rows) {}

  void made_channel(int object, std::int64_t capacity) {
    objects_[object].capacity = static_cast<std::size_t>(capacity);
  }
  // A row was added to the history: the last one.
  void added();
  // By the last row:
  void created(int goroutine) { due_[goroutine].push_back(last()); }
  void woken(int goroutine);
  void armed(int alarm) {
    if (!rows_.empty()) arming_rows_[alarm] = last();
  }
  // The last row is a timer's, which feeds `channel` unless that is -1.
  void fired(int alarm, int channel);
  // The operation of `row`, which is its goroutine's latest.
  void done(int row, const act& what);

 private:
  struct object_state {
    std::size_t capacity = 0;
    std::vector<int> sends;  // rows whose value was not received, from `received` on
    std::vector<int> recvs;  // rows that made room
    std::size_t received = 0;
    std::vector<int> releases;  // of a lock, a wait group, an atomic, or by close
    std::vector<int> readers;   // that unlocked a shared mutex
    std::vector<int> waiting;   // goroutines in a condition, in their order
  };

  int last() const { return static_cast<int>(rows_.size()) - 1; }
  int lane_of(int row) const { return rows_[static_cast<std::size_t>(row)].goroutine; }
  // The row with which `row` goes on: itself, or the next one if others came in between.
  void learn(int row, int from);
  void learn_all(int row, const std::vector<int>& from);
  void add_edge(int row, int from);
  bool has_parked(int row) const { return row != last(); }

  void send(int row, object_state& o);
  void receive(int row, object_state& o, bool more);
  void lock_or_count(int row, const act& what, object_state& o);
  void notify(int row, const act& what, object_state& o);
  void access(int row, const act& what, object_state& o);

  std::vector<happening>& rows_;
  std::map<int, object_state> objects_;
  std::map<int, int> arming_rows_;           // by the number of the alarm
  std::map<int, std::vector<int>> due_;      // before the next row of a goroutine
  std::map<int, std::map<int, int>> known_;  // the latest row of each other
  std::map<int, int> latest_;                // row of each goroutine
  std::vector<int> woken_now_;               // goroutines, by the last row
  std::vector<int> matched_;                 // whose value the last row took
};

}  // namespace braid
