// Unlocks by a goroutine that did not lock; see foreign_unlocks.hpp.
#include "detect/foreign_unlocks.hpp"

#include <algorithm>
#include <utility>

#include "detect/places.hpp"
#include "mix.hpp"

namespace braid {
namespace {

bool takes_lock(const sync_entry& e) {
  switch (e.op) {
    case op_kind::lock:
    case op_kind::await_readers:
      return true;
    case op_kind::try_lock:
    case op_kind::try_write_lock:
      return e.result == 1;
    default:
      return false;
  }
}

bool is_unlock(const sync_entry& e) {
  return (e.op == op_kind::unlock || e.op == op_kind::write_unlock) && e.result >= 0;
}

// As reports show them.
bool is_same(const foreign_unlocking& a, const foreign_unlocking& b) {
  return a.id == b.id && is_same(a.lock.at, b.lock.at) && is_same(a.unlock.at, b.unlock.at);
}

}  // namespace

std::uint64_t hash_of(std::span<const foreign_unlocking> unlocks) {
  std::uint64_t sum = 0;  // in no order
  for (const foreign_unlocking& u : unlocks) {
    sum += mix(fold(fold(u.id, hash_of(u.lock.at)), hash_of(u.unlock.at)));
  }
  return sum;
}

std::span<const foreign_unlocking> foreign_unlock_finder::find(std::span<const sync_entry> log) {
  slots_.clear();
  objects_.clear();
  made_.clear();
  found_.clear();
  for (const sync_entry& e : log) {
    if (e.kind == sync_entry_kind::made) make(e);
    if (e.kind != sync_entry_kind::completes) continue;
    if (is_unlock(e)) unlock(e);
    if (!takes_lock(e)) continue;
    lock_object& on = object_of(e.object);
    on.is_locked = true;
    on.lock = {e.goroutine, e.at};
  }
  return found_;
}

foreign_unlock_finder::lock_object& foreign_unlock_finder::object_of(std::uint64_t id) {
  const std::uint32_t slot = slots_.get(id);
  if (slot >= objects_.size()) objects_.grow(slot + 1);
  return objects_[slot];
}

void foreign_unlock_finder::make(const sync_entry& e) {
  lock_object& fresh = object_of(e.object);
  fresh.kind = e.text;
  fresh.number = ++made_[e.text];
  fresh.made_at = e.at;
}

void foreign_unlock_finder::unlock(const sync_entry& e) {
  lock_object& on = object_of(e.object);
  const bool was_locked = std::exchange(on.is_locked, false);
  if (!was_locked || on.lock.goroutine == e.goroutine) return;
  const foreign_unlocking fresh{.id = e.object,
                                .object = std::string(on.kind) + std::to_string(on.number),
                                .made_at = on.made_at,
                                .lock = on.lock,
                                .unlock = {e.goroutine, e.at}};
  const bool is_known = std::any_of(found_.begin(), found_.end(),
                                    [&](const foreign_unlocking& u) { return is_same(u, fresh); });
  if (!is_known) found_.push_back(fresh);
}

}  // namespace braid
