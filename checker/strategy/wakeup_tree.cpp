// Wakeup trees; see wakeup_tree.hpp.
#include "strategy/wakeup_tree.hpp"

#include "strategy/event_label.hpp"

namespace braid {

std::span<const access> wakeup_trees::accesses(node_index n, std::uint32_t step) const {
  const node& of = nodes_[n];
  const std::uint32_t begin = step == 0 ? 0 : of.steps[step - 1].accesses;
  return {of.accesses.data() + begin, of.accesses.data() + of.steps[step].accesses};
}

std::span<const trace_choice> wakeup_trees::choices(node_index n, std::uint32_t step) const {
  const node& of = nodes_[n];
  const std::uint32_t begin = step == 0 ? 0 : of.steps[step - 1].choices;
  return {of.choices.data() + begin, of.choices.data() + of.steps[step].choices};
}

bool wakeup_trees::starts(node_index n, std::uint32_t step, const reversal& sequence) const {
  return sequence.can_begin_with(process(n, step), accesses(n, step), choices(n, step));
}

bool wakeup_trees::insert(forest& place, reversal& sequence) {
  node_index parent = none;
  for (;;) {
    const node_index child = first_start(parent == none ? place : children(parent), sequence);
    if (child == none) break;
    if (!descend(child, sequence)) return false;
    parent = child;
  }
  const node_index added = node_of(sequence);
  (parent == none ? place : nodes_[parent].children).push_back(added);
  return true;
}

wakeup_trees::node_index wakeup_trees::first_start(const forest& place,
                                                   const reversal& sequence) const {
  for (const node_index n : place) {
    if (starts(n, 0, sequence)) return n;
  }
  return none;
}

// Takes the events of the node, whose first one starts the sequence, out of it, up to the first one
// that does not start the rest. False if the node covers the sequence.
bool wakeup_trees::descend(node_index n, reversal& sequence) {
  for (std::uint32_t step = 0; step < steps(n); ++step) {
    if (step > 0 && !starts(n, step, sequence)) {
      split(n, step);
      return true;
    }
    sequence.remove(process(n, step));
    if (sequence.is_empty()) return false;
  }
  return !children(n).empty();  // a leaf is explored freely
}

// Cuts the node in two before this step.
void wakeup_trees::split(node_index n, std::uint32_t step) {
  const node_index below = fresh();
  for (std::uint32_t i = step; i < steps(n); ++i) {
    append(below, process(n, i), accesses(n, i), choices(n, i));
  }
  node& above = nodes_[n];
  nodes_[below].children = std::move(above.children);
  above.children.assign(1, below);
  above.accesses.resize(above.steps[step - 1].accesses);
  above.choices.resize(above.steps[step - 1].choices);
  above.steps.resize(step);
}

wakeup_trees::node_index wakeup_trees::node_of(reversal& sequence) {
  const node_index added = fresh();
  sequence.for_each(
      [&](process_id process, std::span<const access> accesses,
          std::span<const trace_choice> choices) { append(added, process, accesses, choices); });
  return added;
}

wakeup_trees::forest wakeup_trees::take_apart(node_index n) {
  forest children = std::move(nodes_[n].children);
  nodes_[n].steps.clear();
  nodes_[n].accesses.clear();
  nodes_[n].choices.clear();
  nodes_[n].children.clear();
  free_.push_back(n);
  return children;
}

void wakeup_trees::drop(node_index n) {
  for (const node_index child : take_apart(n)) drop(child);
}

wakeup_trees::node_index wakeup_trees::fresh() {
  if (free_.empty()) {
    nodes_.emplace_back();
    return static_cast<node_index>(nodes_.size()) - 1;
  }
  const node_index n = free_.back();
  free_.pop_back();
  return n;
}

// REQUIRES: the spans are not of the node `to`.
void wakeup_trees::append(node_index to, process_id process, std::span<const access> accesses,
                          std::span<const trace_choice> choices) {
  node& n = nodes_[to];
  n.accesses.insert(n.accesses.end(), accesses.begin(), accesses.end());
  n.choices.insert(n.choices.end(), choices.begin(), choices.end());
  n.steps.push_back({process, static_cast<std::uint32_t>(n.accesses.size()),
                     static_cast<std::uint32_t>(n.choices.size())});
}

std::string wakeup_trees::packed(node_index n) const {
  packer into;
  pack(into, n);
  return into.take();
}

void wakeup_trees::pack(packer& into, node_index n) const {
  into.number(steps(n));
  for (std::uint32_t step = 0; step < steps(n); ++step) {
    braid::pack(into, process(n, step), accesses(n, step), choices(n, step));
  }
  into.number(children(n).size());
  for (const node_index child : children(n)) pack(into, child);
}

wakeup_trees::node_index wakeup_trees::unpacked(std::string_view tree) {
  unpacker from(tree);
  return unpack(from);
}

wakeup_trees::node_index wakeup_trees::unpack(unpacker& from) {
  const node_index n = fresh();
  for (std::uint64_t left = from.number<std::uint64_t>(); left > 0; --left) {
    const event_label event = unpack_label(from);
    append(n, event.process, event.accesses, event.choices);
  }
  for (std::uint64_t left = from.number<std::uint64_t>(); left > 0; --left) {
    const node_index child = unpack(from);
    nodes_[n].children.push_back(child);
  }
  return n;
}

}  // namespace braid
