// Wakeup trees: what is still to be explored at the places of an execution, each branch a sequence
// of events that begins a class of executions not seen yet (Abdulla et al., JACM'17, section 6).
//
// A node is a stretch of such events in which nothing branches. A leaf is explored freely beyond
// its last event. Children are explored in order. The nodes of all trees lie in one pool and are
// used again, so that growing a tree allocates nothing in the long run.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strategy/reversal.hpp"
#include "trace/trace_log.hpp"

namespace braid {

// Of a tree that is packed: how many events its root has, their labels, how many children, and
// these.
class wakeup_trees {
 public:
  using node_index = std::uint32_t;
  static constexpr node_index none = 0xffffffff;
  using forest = std::vector<node_index>;

  std::uint32_t steps(node_index n) const {
    return static_cast<std::uint32_t>(nodes_[n].steps.size());
  }
  process_id process(node_index n, std::uint32_t step) const {
    return nodes_[n].steps[step].process;
  }
  // What the event touches, as far as it is known.
  std::span<const access> accesses(node_index n, std::uint32_t step) const;
  // The choices that must be made in it; what comes after them is free.
  std::span<const trace_choice> choices(node_index n, std::uint32_t step) const;
  const forest& children(node_index n) const { return nodes_[n].children; }

  // Adds the sequence to a place's trees. False: what they will explore covers it.
  bool insert(forest& place, reversal& sequence);
  // Gives back a node, without its children, which it returns.
  forest take_apart(node_index n);
  void drop(node_index n);

  std::string packed(node_index n) const;
  node_index unpacked(std::string_view tree);

 private:
  // Ends of ranges in the node's own arrays; each begins where the one before it ends.
  struct step_ends {
    process_id process;
    std::uint32_t accesses;
    std::uint32_t choices;
  };
  struct node {
    std::vector<step_ends> steps;
    std::vector<access> accesses;
    std::vector<trace_choice> choices;
    forest children;
  };

  node_index fresh();
  void append(node_index to, process_id process, std::span<const access> accesses,
              std::span<const trace_choice> choices);
  node_index node_of(reversal& sequence);
  bool starts(node_index n, std::uint32_t step, const reversal& sequence) const;
  node_index first_start(const forest& place, const reversal& sequence) const;
  bool descend(node_index n, reversal& sequence);
  void split(node_index n, std::uint32_t step);
  void pack(packer& into, node_index n) const;
  node_index unpack(unpacker& from);

  std::vector<node> nodes_;
  std::vector<node_index> free_;
};

}  // namespace braid
