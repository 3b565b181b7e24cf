// What a goroutine, or an object, knows of each goroutine: how far it had come.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace braid {

// A stretch of a goroutine's life, between two moments at which others could learn of it.
struct epoch {
  std::uint32_t goroutine = 0;
  std::uint32_t time = 0;  // from 1
};

class vector_clock {
 public:
  std::uint32_t at(std::uint32_t goroutine) const {
    return goroutine < times_.size() ? times_[goroutine] : 0;
  }
  bool knows(epoch e) const { return at(e.goroutine) >= e.time; }
  void advance(std::uint32_t goroutine) {
    if (goroutine >= times_.size()) times_.resize(goroutine + 1);
    ++times_[goroutine];
  }
  void join(const vector_clock& other) {
    if (times_.size() < other.times_.size()) times_.resize(other.times_.size());
    for (std::size_t i = 0; i < other.times_.size(); ++i) {
      times_[i] = std::max(times_[i], other.times_[i]);
    }
  }
  void clear() { times_.clear(); }

 private:
  std::vector<std::uint32_t> times_;  // zero beyond its end
};

// First in, first out. A std::deque would allocate for each channel, also where nothing is sent.
class clock_queue {
 public:
  bool is_empty() const { return first_ == clocks_.size(); }
  std::size_t size() const { return clocks_.size() - first_; }
  vector_clock& last() { return clocks_.back(); }
  void push(vector_clock c) { clocks_.push_back(std::move(c)); }
  // REQUIRES: it is not empty.
  const vector_clock& take() { return clocks_[first_++]; }
  void clear() {
    clocks_.clear();
    first_ = 0;
  }

 private:
  std::vector<vector_clock> clocks_;
  std::size_t first_ = 0;
};

}  // namespace braid
