// What samplers learn from the first executions: who does how many events, and on which objects.
//
// Goroutines and objects are known by their spawn paths and ids, which are the same in every
// execution. Counts are sums over the executions learned from, so that nothing is rounded; `unit`
// is one event in each of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "trace/trace_log.hpp"

namespace braid {

// The events that each goroutine of a profile is expected to do.
struct expectation {
  std::vector<std::uint64_t> own;
  std::vector<std::uint64_t> with_descendants;
};

class event_profile {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  void learn(const trace_log& log);
  std::uint64_t executions() const { return executions_; }
  std::uint64_t unit() const { return executions_ == 0 ? 1 : executions_; }
  std::uint64_t size() const { return rows_.size(); }
  std::uint32_t index_of(process_id path) const;
  std::uint32_t parent_of(std::uint32_t index) const { return rows_[index].parent; }

  // All events, and those that touch an object.
  expectation events() const;
  expectation events_on(std::uint64_t object) const;
  // The objects over which two goroutines race, by id.
  const std::vector<std::uint64_t>& contended() const { return contended_; }

 private:
  struct row {
    process_id path;
    std::uint32_t parent;  // an index, which is smaller; none for main
    std::uint64_t events = 0;
  };
  struct touched_object {
    bool is_contended = false;
    std::map<std::uint32_t, std::uint64_t> events;  // by the index of who does them
  };

  std::uint32_t insert(process_id path, std::uint32_t parent);
  void learn_goroutines(const trace_log& log);
  void learn_objects(const trace_log& log);
  void note_contended();
  void add_up(expectation& e) const;

  std::uint64_t executions_ = 0;
  std::vector<row> rows_;                            // parents before their children
  std::map<process_id, std::uint32_t> index_;        // into rows_
  std::map<std::uint64_t, touched_object> objects_;  // by id
  std::vector<std::uint64_t> contended_;
};

// The events that the goroutines of one execution have still to do, as far as a profile knows.
// Those of children that are not yet spawned count for their parent.
class remaining_events {
 public:
  static constexpr std::uint32_t none = event_profile::none;

  // A new execution. Both must outlive it.
  void begin(const event_profile& profile, const expectation& expected);
  // How many goroutines were added.
  std::uint32_t known() const { return static_cast<std::uint32_t>(own_.size()); }
  // Adds the next goroutine by number. Returns the number of its parent, or none.
  std::uint32_t add(process_id path);
  std::uint64_t of(std::uint32_t number) const { return own_[number] + later_[number]; }
  // The same for one that has at least one event to do, whatever was expected.
  std::uint64_t of_pending(std::uint32_t number) const { return weight_[number]; }
  void did_one(std::uint32_t number) {
    own_[number] -= std::min(own_[number], unit_);
    weigh(number);
  }
  std::uint64_t unit() const { return unit_; }

 private:
  void weigh(std::uint32_t number) {
    weight_[number] = std::max(own_[number], unit_) + later_[number];
  }

  const event_profile* profile_ = nullptr;
  const expectation* expected_ = nullptr;
  std::uint64_t unit_ = 1;
  std::vector<std::uint64_t> own_;     // by number
  std::vector<std::uint64_t> later_;   // by number: of children to be spawned
  std::vector<std::uint64_t> weight_;  // by number: of_pending()
  std::vector<std::uint32_t> number_;  // by index in the profile
};

}  // namespace braid
