// Treiber's stack, whose nodes are used again (Treiber, Systems Programming: Coping with
// Parallelism, 1986).
//
// The bug is ABA: a pop that has read the top, and what is below it, does not notice that the node
// was popped and pushed again in between, with another value and other nodes below. The fix counts
// each push in the upper half of the top, so that a node that comes back is another top.
#pragma once

#include <array>
#include <braid/braid.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "variant.hpp"

template <variant Variant>
class lock_free_stack {
 public:
  lock_free_stack() {
    for (std::uint32_t n = nodes_max; n > 0; --n) free_.push_back(n);
  }

  // False if all nodes are in use.
  bool push(int value) {
    const std::uint32_t node = take_node();
    if (node == 0) return false;
    nodes_[node].value.store(value);
    std::uint64_t top = top_.load();
    std::uint64_t pushed = 0;
    do {
      nodes_[node].below.store(node_of(top));
      pushed = Variant == variant::fixed ? count_of(top) + one + node : node;
    } while (!top_.compare_exchange_strong(top, pushed));
    return true;
  }
  std::optional<int> pop() {
    std::uint64_t top = top_.load();
    for (;;) {
      const std::uint32_t node = node_of(top);
      if (node == 0) return std::nullopt;
      const std::uint32_t below = nodes_[node].below.load();
      const int value = nodes_[node].value.load();
      if (!top_.compare_exchange_strong(top, count_of(top) + below)) continue;
      give_back(node);
      return value;
    }
  }

 private:
  static constexpr std::uint32_t nodes_max = 8;
  static constexpr std::uint64_t one = std::uint64_t{1} << 32;  // in the count

  struct node {
    braid::atomic<int> value;
    braid::atomic<std::uint32_t> below;
  };

  static std::uint32_t node_of(std::uint64_t top) { return static_cast<std::uint32_t>(top); }
  static std::uint64_t count_of(std::uint64_t top) { return top & ~(one - 1); }

  std::uint32_t take_node() {
    const braid::lock_guard held(lock_);
    if (free_.empty()) return 0;
    const std::uint32_t node = free_.back();
    free_.pop_back();
    return node;
  }
  void give_back(std::uint32_t node) {
    const braid::lock_guard held(lock_);
    free_.push_back(node);
  }

  braid::atomic<std::uint64_t> top_ = 0;  // a node, or 0; and how many were pushed
  std::array<node, nodes_max + 1> nodes_;
  braid::mutex lock_;
  std::vector<std::uint32_t> free_;  // protected by lock_
};
