// Goroutines that can never go on; see stuck.hpp.
#include "detect/stuck.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace braid {
namespace {

bool is_lock_wait(op_kind kind) {
  return kind == op_kind::lock || kind == op_kind::read_lock || kind == op_kind::announce_write ||
         kind == op_kind::await_readers;
}

// Who may refer to an object, by the order of what goroutines did.
class references {
 public:
  explicit references(std::span<const sync_entry> log) {
    std::optional<std::uint32_t> actor;  // none: a timer
    for (const sync_entry& e : log) {
      goroutines_ = std::max<std::size_t>(goroutines_, e.goroutine + 1);
      if (e.kind == sync_entry_kind::arrives) actor = e.goroutine;
      if (e.kind == sync_entry_kind::fires) actor = std::nullopt;
      if (e.kind == sync_entry_kind::born) {
        flow_.push_back({.goroutine = e.goroutine, .parent = actor, .is_birth = true});
      } else if (e.object != 0 && is_use(e, actor.has_value())) {
        flow_.push_back({.goroutine = e.goroutine, .object = index_of(e.object)});
      }
    }
  }

  std::set<std::uint32_t> holders_of(std::uint64_t object) {
    const std::uint32_t wanted = index_of(object);
    bool exists = false;
    std::vector<bool> knows(goroutines_);
    std::vector<bool> carries(indices_.size());  // somebody who knew has used it
    for (const use& u : flow_) {
      if (u.is_birth) {
        knows[u.goroutine] = u.parent ? knows[*u.parent] : exists;
      } else if (u.object == wanted) {
        knows[u.goroutine] = exists = true;
      } else if (knows[u.goroutine]) {
        carries[u.object] = true;
      } else {
        knows[u.goroutine] = carries[u.object];
      }
    }
    std::set<std::uint32_t> all;
    for (std::uint32_t g = 0; g < knows.size(); ++g) {
      if (knows[g]) all.insert(g);
    }
    return all;
  }

 private:
  struct use {
    std::uint32_t goroutine = 0;
    std::uint32_t object = 0;
    std::optional<std::uint32_t> parent = {};
    bool is_birth = false;
  };

  // What a timer does, and a ticker that arms itself, is written down for whoever ran before.
  static bool is_use(const sync_entry& e, bool by_goroutine) {
    if (e.kind == sync_entry_kind::armed) return false;
    return by_goroutine || e.kind == sync_entry_kind::woken || e.kind == sync_entry_kind::made;
  }

  std::uint32_t index_of(std::uint64_t object) {
    return indices_.emplace(object, static_cast<std::uint32_t>(indices_.size())).first->second;
  }

  std::size_t goroutines_ = 0;
  std::vector<use> flow_;
  std::map<std::uint64_t, std::uint32_t> indices_;
};

// What is known of an object that somebody waits for.
struct awaited_object {
  std::set<std::uint32_t> holders;  // of a reference, unless it is a lock or fed
  std::multiset<std::uint32_t> readers;
  std::set<std::uint32_t> writers;  // one that holds it, or comes first
  bool is_fed = false;              // by a timer
};

class stuck_finder {
 public:
  stuck_finder(std::span<const sync_entry> log, std::span<const waiting_goroutine> waiting,
               const std::vector<bool>& is_left)
      : waiting_(waiting), is_left_(is_left) {
    for (const waiting_goroutine& w : waiting) {
      for (const std::uint64_t o : w.objects) objects_[o];
    }
    for (const sync_entry& e : log) take(e);
    std::optional<references> refer;  // seldom asked for, and the log may be long
    for (const waiting_goroutine& w : waiting) {
      if (is_lock_wait(w.in)) continue;
      for (const std::uint64_t id : w.objects) {
        awaited_object& o = objects_[id];
        if (o.is_fed || !o.holders.empty()) continue;
        if (!refer) refer.emplace(log);
        o.holders = refer->holders_of(id);
      }
    }
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
  void take(const sync_entry& e) {
    const auto found = objects_.find(e.object);
    if (e.object == 0 || found == objects_.end()) return;
    awaited_object& o = found->second;
    if (e.kind == sync_entry_kind::armed || e.kind == sync_entry_kind::fires) {
      o.is_fed = true;
      return;
    }
    if (e.kind == sync_entry_kind::completes) note_lock(o, e);
  }

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
    if (!is_lock_wait(w.in)) return o.holders;
    if (w.in == op_kind::await_readers) return {o.readers.begin(), o.readers.end()};
    return o.writers;
  }

  bool can_be_woken(const waiting_goroutine& w) const {
    for (const std::uint64_t id : w.objects) {
      const awaited_object& o = objects_.at(id);
      if (!is_lock_wait(w.in) && o.is_fed) return true;
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
  std::map<std::uint64_t, awaited_object> objects_;
  std::map<std::uint32_t, bool> stuck_;  // goroutines, and whether a lock is why
};

}  // namespace

std::vector<stuck_goroutine> find_stuck(std::span<const sync_entry> log,
                                        std::span<const waiting_goroutine> waiting,
                                        const std::vector<bool>& is_left) {
  if (waiting.empty()) return {};
  return stuck_finder(log, waiting, is_left).find();
}

}  // namespace braid
