// A cache that forgets what was not used for longest.
//
// The bug: get releases the lock between finding a value and making it the most recent one. What is
// put there in between is overwritten by the old value.
#pragma once

#include <algorithm>
#include <braid/braid.hpp>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

#include "variant.hpp"

template <variant Variant>
class lru_cache {
 public:
  explicit lru_cache(std::size_t capacity) : capacity_(capacity) {}

  void put(int key, int value) {
    const braid::lock_guard held(lock_);
    make_most_recent(key, value);
    if (entries_.size() > capacity_) entries_.pop_back();
  }
  std::optional<int> get(int key) {
    std::unique_lock held(lock_);
    const auto found = find(key);
    if (found == entries_.end()) return std::nullopt;
    const int value = found->second;
    if (Variant == variant::buggy) {
      held.unlock();
      held.lock();
    }
    make_most_recent(key, value);
    return value;
  }

 private:
  std::list<std::pair<int, int>>::iterator find(int key) {
    return std::find_if(entries_.begin(), entries_.end(),
                        [key](const auto& entry) { return entry.first == key; });
  }
  void make_most_recent(int key, int value) {
    if (const auto old = find(key); old != entries_.end()) entries_.erase(old);
    entries_.emplace_front(key, value);
  }

  const std::size_t capacity_;
  braid::mutex lock_;
  std::list<std::pair<int, int>> entries_;  // protected by lock_; the most recent first
};
