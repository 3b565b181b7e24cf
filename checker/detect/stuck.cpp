// Goroutines that can never go on; see stuck.hpp.
#include "detect/stuck.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace braid {
namespace {

bool is_lock_wait(op_kind kind) {
  return kind == op_kind::lock || kind == op_kind::read_lock || kind == op_kind::announce_write ||
         kind == op_kind::await_readers;
}

// What is known of an object that somebody waits for.
struct awaited_object {
  std::set<std::uint32_t> users;
  std::multiset<std::uint32_t> readers;
  std::set<std::uint32_t> writers;  // one that holds it, or comes first
  std::uint32_t used_at = 0;
  bool is_fed = false;  // by a timer
};

class stuck_finder {
 public:
  stuck_finder(std::span<const waiting_goroutine> waiting, const std::vector<bool>& is_left,
               std::uint32_t silent_from)
      : waiting_(waiting), is_left_(is_left), silent_from_(silent_from) {
    for (const waiting_goroutine& w : waiting) {
      for (const std::uint64_t o : w.objects) objects_[o];
    }
  }

  void take(const sync_entry& e) {
    const auto found = objects_.find(e.object);
    if (e.object == 0 || found == objects_.end()) return;
    awaited_object& o = found->second;
    if (e.kind == sync_entry_kind::armed || e.kind == sync_entry_kind::fires) {
      o.is_fed = true;
      return;
    }
    o.users.insert(e.goroutine);
    o.used_at = std::max(o.used_at, e.step);
    if (e.kind == sync_entry_kind::completes) note_lock(o, e);
  }

  std::vector<stuck_goroutine> find() {
    for (const waiting_goroutine& w : waiting_) stuck_[w.number] = false;
    const auto remove_one = [&] {
      for (const waiting_goroutine& w : waiting_) {
        if (stuck_.count(w.number) > 0 && can_be_woken(w)) return stuck_.erase(w.number) > 0;
      }
      return false;
    };
    while (remove_one()) {
    }
    while (mark_one()) {
    }
    std::vector<stuck_goroutine> all;
    for (const auto& [number, is_deadlocked] : stuck_) all.push_back({number, is_deadlocked});
    return all;
  }

 private:
  static void forget(awaited_object& o, std::uint32_t goroutine) {
    const auto own = o.readers.find(goroutine);
    if (own != o.readers.end()) {
      o.readers.erase(own);
    } else if (!o.readers.empty()) {
      o.readers.erase(o.readers.begin());
    }
  }

  static void note_lock(awaited_object& o, const sync_entry& e) {
    switch (e.op) {
      case op_kind::lock:
      case op_kind::announce_write:
        o.writers = {e.goroutine};
        break;
      case op_kind::try_lock:
      case op_kind::try_write_lock:
        if (e.result == 1) o.writers = {e.goroutine};
        break;
      case op_kind::read_lock:
        o.readers.insert(e.goroutine);
        break;
      case op_kind::try_read_lock:
        if (e.result == 1) o.readers.insert(e.goroutine);
        break;
      case op_kind::unlock:
      case op_kind::write_unlock:
        o.writers.clear();
        break;
      case op_kind::read_unlock:
        forget(o, e.goroutine);
        break;
      default:
        break;
    }
  }

  // Those that could end the wait of `w` for this object.
  static std::set<std::uint32_t> actors(const waiting_goroutine& w, const awaited_object& o) {
    if (!is_lock_wait(w.in)) return o.users;
    if (w.in == op_kind::await_readers) return {o.readers.begin(), o.readers.end()};
    return o.writers;
  }

  bool can_be_woken(const waiting_goroutine& w) const {
    for (const std::uint64_t id : w.objects) {
      const awaited_object& o = objects_.at(id);
      if (!is_lock_wait(w.in) && (o.is_fed || o.used_at > silent_from_)) return true;
      for (const std::uint32_t g : actors(w, o)) {
        if (g < is_left_.size() && is_left_[g] && stuck_.count(g) == 0) return true;
      }
    }
    return false;
  }

  // Who waits for a lock is deadlocked, and who waits for those.
  bool mark_one() {
    for (const waiting_goroutine& w : waiting_) {
      const auto place = stuck_.find(w.number);
      if (place == stuck_.end() || place->second) continue;
      bool is_deadlocked = is_lock_wait(w.in);
      for (const std::uint64_t id : w.objects) {
        for (const std::uint32_t g : actors(w, objects_.at(id))) {
          const auto actor = stuck_.find(g);
          is_deadlocked = is_deadlocked || (actor != stuck_.end() && actor->second);
        }
      }
      if (is_deadlocked) return place->second = true;
    }
    return false;
  }

  std::span<const waiting_goroutine> waiting_;
  const std::vector<bool>& is_left_;
  const std::uint32_t silent_from_;
  std::map<std::uint64_t, awaited_object> objects_;
  std::map<std::uint32_t, bool> stuck_;  // goroutines, and whether a lock is why
};

}  // namespace

std::vector<stuck_goroutine> find_stuck(std::span<const sync_entry> log,
                                        std::span<const waiting_goroutine> waiting,
                                        const std::vector<bool>& is_left,
                                        std::uint32_t silent_from) {
  if (waiting.empty()) return {};
  stuck_finder finder(waiting, is_left, silent_from);
  for (const sync_entry& e : log) finder.take(e);
  return finder.find();
}

}  // namespace braid
