// A queue with room for a fixed number of values, of which neither end waits.
//
// The bug: try_push looks whether there is room before it has the lock. Two that look at the same
// time both find the last place.
#pragma once

#include <braid/braid.hpp>
#include <cstddef>
#include <deque>
#include <optional>

#include "variant.hpp"

template <variant Variant>
class bounded_queue {
 public:
  explicit bounded_queue(std::size_t capacity) : capacity_(capacity) {}

  // False if there is no room.
  bool try_push(int value) {
    if (Variant == variant::buggy && size_ == capacity_) return false;
    const braid::lock_guard held(lock_);
    if (Variant == variant::fixed && size_ == capacity_) return false;
    values_.push_back(value);
    size_ = values_.size();
    return true;
  }
  std::optional<int> try_pop() {
    const braid::lock_guard held(lock_);
    if (values_.empty()) return std::nullopt;
    const int first = values_.front();
    values_.pop_front();
    size_ = values_.size();
    return first;
  }

 private:
  const std::size_t capacity_;
  braid::atomic<std::size_t> size_ = 0;
  braid::mutex lock_;
  std::deque<int> values_;  // protected by lock_
};
