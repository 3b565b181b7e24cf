// The rows that directly happen before a row; see causes.hpp.
#include "trace/causes.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace braid {
namespace {

// Partner: releases(), of who stored what is loaded.
bool acquires_by(std::int64_t argument) {
  const auto order = static_cast<std::memory_order>(argument);
  return order != std::memory_order_relaxed && order != std::memory_order_release;
}

// Partner: acquires_by().
bool releases_by(std::int64_t argument) {
  const auto order = static_cast<std::memory_order>(argument);
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

}  // namespace

void causes::added() {
  woken_now_.clear();
  matched_.clear();
  const int row = last();
  const int lane = lane_of(row);
  if (lane == happening::timers) return;
  latest_[lane] = row;
  for (const int from : std::exchange(due_[lane], {})) add_edge(row, from);
}

void causes::woken(int goroutine) {
  due_[goroutine].push_back(last());
  woken_now_.push_back(goroutine);
}

// A value that finds no room is dropped.
void causes::fired(int alarm, int channel) {
  if (const auto armed = arming_rows_.find(alarm); armed != arming_rows_.end()) {
    add_edge(last(), armed->second);
  }
  if (channel < 0) return;
  object_state& o = objects_[channel];
  if (o.sends.size() == o.received) o.sends.push_back(last());
}

void causes::add_edge(int row, int from) {
  const int lane = lane_of(from);
  if (from >= row || (lane == lane_of(row) && lane != happening::timers)) return;
  happening& to = rows_[static_cast<std::size_t>(row)];
  if (lane != happening::timers && to.goroutine != happening::timers) {
    const auto [known, is_new] = known_[to.goroutine].try_emplace(lane, from);
    if (!is_new && known->second >= from) return;
    known->second = from;
    std::erase_if(to.after, [&](int other) { return lane_of(other) == lane; });
  }
  if (std::find(to.after.begin(), to.after.end(), from) != to.after.end()) return;
  to.after.insert(std::upper_bound(to.after.begin(), to.after.end(), from), from);
}

void causes::learn(int row, int from) {
  if (has_parked(row)) {
    due_[lane_of(row)].push_back(from);
  } else {
    add_edge(row, from);
  }
}

void causes::learn_all(int row, const std::vector<int>& from) {
  for (const int one : from) learn(row, one);
}

static_assert(op_kind_count == 42, "a new operation: what does it order?");

void causes::done(int row, const act& what) {
  if (what.kind == op_kind::settle) {
    for (const auto& [goroutine, of_other] : latest_) learn(row, of_other);
  }
  if (what.object < 0) return;
  object_state& o = objects_[what.object];
  switch (what.kind) {
    case op_kind::send:
      return send(row, o);
    case op_kind::recv:
      return receive(row, o, what.more);
    case op_kind::load:
    case op_kind::store:
    case op_kind::update:
    case op_kind::await:
      return access(row, what, o);
    case op_kind::enqueue:
      return o.waiting.push_back(lane_of(row));
    case op_kind::notify:
      return notify(row, what, o);
    default:
      return lock_or_count(row, what, o);
  }
}

// Send k finds the receive that made room for it. One whose value the last row took straight from
// it, as it waited, has nothing to leave.
void causes::send(int row, object_state& o) {
  const auto matched = std::find(matched_.begin(), matched_.end(), lane_of(row));
  if (matched != matched_.end()) {
    matched_.erase(matched);
    return;
  }
  o.sends.push_back(row);
  if (o.capacity > 0 && o.sends.size() > o.capacity) {
    const std::size_t before = o.sends.size() - o.capacity - 1;
    if (before < o.recvs.size()) learn(row, o.recvs[before]);
  }
}

void causes::receive(int row, object_state& o, bool more) {
  if (!more) return learn_all(row, o.releases);
  if (o.received < o.sends.size()) {
    learn(row, o.sends[o.received++]);
  } else if (!has_parked(row)) {  // a sender waited, and nothing lay in the channel
    for (const int sender : woken_now_) {
      learn(row, latest_[sender]);
      matched_.push_back(sender);
    }
  }
  o.recvs.push_back(row);
}

// A lock that was not taken orders nothing.
void causes::lock_or_count(int row, const act& what, object_state& o) {
  const bool is_try = what.kind == op_kind::try_lock || what.kind == op_kind::try_read_lock ||
                      what.kind == op_kind::try_write_lock;
  if (is_try && what.result == 0) return;
  switch (what.kind) {
    case op_kind::lock:
    case op_kind::try_lock:
    case op_kind::read_lock:
    case op_kind::try_read_lock:
    case op_kind::wait:
      return learn_all(row, o.releases);
    case op_kind::await_readers:
    case op_kind::try_write_lock:
      learn_all(row, o.releases);
      return learn_all(row, o.readers);
    case op_kind::unlock:
    case op_kind::write_unlock:
      o.readers.clear();
      o.releases = {row};
      return;
    case op_kind::read_unlock:
      return o.readers.push_back(row);
    case op_kind::close:
      return o.releases.push_back(row);
    case op_kind::add:
      if (what.argument < 0 && what.result >= 0) o.releases.push_back(row);
      return;
    default:
      return;
  }
}

// Who waits longest is woken first.
void causes::notify(int row, const act& what, object_state& o) {
  for (bool wakes = true; wakes && !o.waiting.empty(); wakes = what.argument != 0) {
    due_[o.waiting.front()].push_back(row);
    o.waiting.erase(o.waiting.begin());
  }
}

// A store hides those before it; an exchange carries them on (a release sequence).
void causes::access(int row, const act& what, object_state& o) {
  const bool acquires = acquires_by(what.argument);
  if (what.kind != op_kind::store && acquires) learn_all(row, o.releases);
  const bool writes =
      what.kind == op_kind::store || (what.kind == op_kind::update && what.result != 0);
  if (!writes) return;
  const bool carries_on = what.kind == op_kind::update && !(acquires && releases_by(what.argument));
  if (!carries_on) o.releases.clear();
  if (releases_by(what.argument)) o.releases.push_back(row);
}

}  // namespace braid
