// Unlocks by a goroutine that did not lock: of mutexes, and of the writing side of shared mutexes.
// They are allowed (rule M2), and told to who asks for it.
//
// Lock and unlock depend on each other, so equivalent executions have the same ones.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/recycled.hpp"
#include "detect/sync_log.hpp"
#include "trace/object_slots.hpp"

namespace braid {

struct lock_act {
  std::uint32_t goroutine = 0;
  where at = where::unknown();
};

struct foreign_unlocking {
  std::uint64_t id = 0;  // of the object
  std::string object;    // its kind, and its number among those of its kind
  where made_at = where::unknown();
  lock_act lock;
  lock_act unlock;
};

class foreign_unlock_finder {
 public:
  // In the order of the unlocks; of those of one object at the same two places the first.
  std::span<const foreign_unlocking> find(std::span<const sync_entry> log);

 private:
  struct lock_object {
    std::string_view kind = {};
    std::uint32_t number = 0;
    where made_at = where::unknown();
    bool is_locked = false;
    lock_act lock = {};  // the last one

    void clear() { *this = {}; }
  };

  void make(const sync_entry& e);
  void unlock(const sync_entry& e);
  lock_object& object_of(std::uint64_t id);

  object_slots slots_;
  recycled<lock_object> objects_;
  std::map<std::string_view, std::uint32_t> made_;  // how many of each kind
  std::vector<foreign_unlocking> found_;
};

// The same for the same set, in any process; 0 if it is empty.
std::uint64_t hash_of(std::span<const foreign_unlocking> unlocks);

}  // namespace braid
