// The data races of an execution: two accesses to one variable, at least one of which writes, that
// nothing orders (sync_order.hpp). Channels and wait groups are raced for too: by send and close,
// or two closes (rule H5); by a wait, and an add that could be the first (rules W3 and W4).
//
// Of each variable, the accesses are kept that the last ordered write has not made old, and of
// these the last of each goroutine at each place. So of accesses that race some are found whatever
// was found before, and equivalent executions have the same races: a search that does one of each
// class misses none.
//
// Rejected: FastTrack's one epoch for all writes. It finds the first race of a variable, and which
// of the others depends on the order of accesses that nothing orders.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/recycled.hpp"
#include "detect/sync_log.hpp"
#include "detect/sync_order.hpp"

namespace braid {

struct race_access {
  std::uint32_t goroutine = 0;
  std::uint32_t step = 0;  // 0: before the first
  op_kind kind{};          // made: of a variable
  where at = where::unknown();
};

// Of two accesses to one object that race, one writes it.
bool writes(op_kind access);

struct race {
  std::string object;  // its kind, and its number among those of its kind
  where made_at = where::unknown();
  race_access earlier;
  race_access later;
};

class race_finder {
 public:
  // In the order of the later accesses; of those at the same two places the first.
  std::span<const race> find(std::span<const sync_entry> log);

 private:
  struct known_access {
    race_access what;
    epoch when;
  };
  struct counted {
    epoch when;
    std::int64_t delta;
  };
  // A variable, or a channel or group as far as it is raced for.
  struct raced_object {
    std::string_view kind = {};
    std::uint32_t number = 0;
    where made_at = where::unknown();
    std::vector<known_access> accesses = {};
    std::vector<counted> adds = {};  // of a wait group

    void clear() {
      kind = {};
      number = 0;
      made_at = where::unknown();
      accesses.clear();
      adds.clear();
    }
  };

  void take(const sync_entry& e);
  void make(const sync_entry& e);
  void write(const sync_entry& e);
  void use(const sync_entry& e);
  void add(const sync_entry& e);
  void check(const raced_object& on, const known_access& against, const sync_entry& e);
  void keep(raced_object& on, const sync_entry& e);
  raced_object& object_of(std::uint64_t id);

  sync_order order_;
  object_slots slots_;
  recycled<raced_object> objects_;
  std::map<std::string_view, std::uint32_t> made_;  // how many of each kind
  std::vector<race> found_;
};

// The same for the same set of races, in any process; 0 if there are none.
std::uint64_t hash_of(std::span<const race> races);

}  // namespace braid
