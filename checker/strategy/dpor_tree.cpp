// What dpor explores, as a tree; see dpor_tree.hpp.
#include "strategy/dpor_tree.hpp"

#include <algorithm>
#include <braid/panic.hpp>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "strategy/sleep_stack.hpp"

namespace braid {
namespace {

using json = nlohmann::json;
using node = dpor_tree::node;
using state = dpor_tree::state;

std::size_t depth_of(const node& n) {
  std::size_t depth = 0;
  for (const node* up = n.parent; up != nullptr; up = up->parent) ++depth;
  return depth;
}

node& ancestor_at(node& n, std::size_t depth) {
  node* up = &n;
  for (std::size_t d = depth_of(n); d > depth; --d) up = up->parent;
  return *up;
}

// The events from the root to `n`, for a job that begins with them.
std::vector<std::string> path_to(const node& n) {
  std::vector<std::string> path;
  for (const node* up = &n; up->parent != nullptr; up = up->parent) {
    path.push_back(packed(event_label{up->event.process, {}, up->event.choices}));
  }
  std::reverse(path.begin(), path.end());
  return path;
}

node& add_child(node& parent, event_label event) {
  auto child = std::make_unique<node>();
  child->event = std::move(event);
  child->parent = &parent;
  return *parent.children.emplace_back(std::move(child));
}

// What is planned, in the form that wakeup_trees reads.
void pack_tree(packer& into, const node& n) {
  std::vector<const node*> stretch{&n};
  while (stretch.back()->children.size() == 1) {
    stretch.push_back(stretch.back()->children.front().get());
  }
  into.number(stretch.size());
  for (const node* event : stretch) pack(into, event->event);
  into.number(stretch.back()->children.size());
  for (const auto& child : stretch.back()->children) pack_tree(into, *child);
}

std::string packed_tree(const node& n) {
  packer into;
  pack_tree(into, n);
  return into.take();
}

void plan_tree(node& parent, unpacker& from) {
  node* last = &parent;
  for (std::uint64_t left = from.number<std::uint64_t>(); left > 0; --left) {
    last = &add_child(*last, unpack_label(from));
    last->is_known = true;
  }
  for (std::uint64_t left = from.number<std::uint64_t>(); left > 0; --left) plan_tree(*last, from);
  last->is_known = !last->is_leaf();
}

void plan_tree(node& parent, const std::string& tree) {
  unpacker from(tree);
  plan_tree(parent, from);
}

void plan_sequence(node& parent, const wakeup_sequence& sequence) {
  node* last = &parent;
  for (event_label& event : sequence.rest()) {
    last = &add_child(*last, std::move(event));
    last->is_known = true;
  }
  last->is_known = false;
}

// Plans a sequence after an open node, unless it is covered there.
void insert(node& place, wakeup_sequence sequence) {
  const auto begins = [&](const event_label& first) { return sequence.can_begin_with(first); };
  if (std::any_of(place.asleep.begin(), place.asleep.end(), begins)) return;
  for (node* at = &place;;) {
    const auto child = std::find_if(at->children.begin(), at->children.end(),
                                    [&](const auto& c) { return begins(c->event); });
    if (child == at->children.end()) return plan_sequence(*at, sequence);
    at = child->get();
    if (at->is_closed || at->is_leaf()) return;
    sequence.remove(at->event.process);
    if (sequence.is_empty()) return;
  }
}

// Who sleeps where `n` is to be explored: who slept there before, and its elder siblings.
std::vector<event_label> asleep_before(const node& n) {
  sleep_stack sleepers;
  const auto add = [&](const event_label& e) {
    if (sleepers.covers(0, e.process, e.choices)) return;
    sleepers.push(0, e.process, e.accesses, e.choices);
  };
  for (const event_label& e : n.parent->asleep) add(e);
  for (const auto& sibling : n.parent->children) {
    if (sibling.get() == &n) break;
    add(sibling->event);
  }
  std::vector<event_label> asleep;
  for (std::uint32_t i = 0; i < sleepers.size(); ++i) {
    const sleeper& s = sleepers.at(i);
    const auto accesses = sleepers.accesses_of(s);
    const auto choices = sleepers.choices_of(s);
    asleep.push_back(
        {s.process, {accesses.begin(), accesses.end()}, {choices.begin(), choices.end()}});
  }
  return asleep;
}

// True if nothing will be inserted below `n` from above: that comes from elder siblings only.
bool is_final(const node& n) {
  for (const node* up = &n; up->parent != nullptr; up = up->parent) {
    for (const auto& elder : up->parent->children) {
      if (elder.get() == up) break;
      if (elder->now != state::done) return false;
    }
    if (up->parent->is_closed) return true;
  }
  return true;
}

// True if what is planned was explored before, by one choice after another.
bool is_covered(const node& planned, const std::vector<event_label>& asleep) {
  return std::any_of(asleep.begin(), asleep.end(), [&](const event_label& s) {
    return s.process == planned.event.process && covers(s.choices, planned.event.choices);
  });
}

// Planned nodes are opened from the root on.
void open(node& n) {
  if (n.now != state::planned) return;
  open(*n.parent);
  n.asleep = asleep_before(n);
  std::erase_if(n.asleep, [&](const event_label& s) {
    return s.process == n.event.process || conflict_there(n.event.accesses, s.accesses);
  });
  n.now = state::open;
}

void finish(node& n) {
  n.now = state::done;
  n.is_closed = true;
  n.children.clear();
  n.asleep.clear();
  n.job = nullptr;
}

void set_idle(node& n, dpor_job job) {
  n.now = state::idle;
  n.job = std::make_unique<dpor_job>(std::move(job));
}

double share_of(const node& n) {
  if (n.now == state::done) return 1;
  if (n.now != state::open) return n.share_done;
  double share = n.explored;
  for (const auto& child : n.children) share += share_of(*child);
  return share / static_cast<double>(n.explored + n.children.size());
}

// What begins as `n` does, which goes on with `frames` from the end of `path` on.
dpor_job new_job(const node& n, std::vector<std::string> path, std::vector<dpor_frame> frames,
                 std::string guide) {
  return {.base = static_cast<std::uint32_t>(depth_of(n)),
          .path = std::move(path),
          .frames = std::move(frames),
          .guide = std::move(guide)};
}

std::vector<dpor_frame> empty_frame(std::span<const event_label> asleep) {
  return {{.event = {}, .asleep = packed(asleep), .todo = {}}};
}

node* first_not_done(const node& place) {
  const auto first = std::find_if(place.children.begin(), place.children.end(),
                                  [](const auto& n) { return n->now != state::done; });
  return first == place.children.end() ? nullptr : first->get();
}

// True if what is left after an open node can go on as one job: each branch is begun after those
// before it are done. REQUIRES: it is not done, and that is known of the open nodes after it.
bool can_fold(const node& place) {
  const auto is_begun = [](const node& n) {
    return (n.now == state::idle && n.job->is_begun()) || (n.now == state::open && n.can_fold);
  };
  const node* const first = first_not_done(place);
  bool is_behind = false;
  for (const auto& child : place.children) {
    if (is_behind && child->now != state::planned) return false;
    is_behind = is_behind || child.get() == first;
  }
  return first->now == state::planned || is_begun(*first);
}

// Makes what follows an idle node its children: first what the job is at, or the guide if it is at
// its last frame.
void open_at(node& place, const dpor_frame& frame, const std::string& guide) {
  place.now = state::open;
  place.asleep = unpacked_labels(frame.asleep);
  place.explored = frame.explored;
  if (guide.empty()) {
    node& first = add_child(place, unpacked_label(frame.event));
    first.now = state::idle;
    first.is_known = first.is_closed = true;
  } else {
    plan_tree(place, guide);
  }
  for (const std::string& tree : frame.todo) plan_tree(place, tree);
  const auto branches = static_cast<double>(place.explored + place.children.size());
  place.children.front()->share_done =
      std::clamp(place.share_done * branches - place.explored, 0.0, 1.0);
}

// Of an open node that can be folded, and its first child that is not done.
dpor_frame folded_frame(const node& place, const node& first) {
  dpor_frame frame{
      .event = {}, .asleep = packed(asleep_before(first)), .todo = {}, .explored = place.explored};
  bool is_behind = false;
  for (const auto& child : place.children) {
    if (is_behind) frame.todo.push_back(packed_tree(*child));
    is_behind = is_behind || child.get() == &first;
    frame.explored += !is_behind;
  }
  if (first.now != state::planned) frame.event = packed(first.event);
  return frame;
}

// The reverse of dpor_tree::divide(): from an open node down to where its job is, all at once.
void fold(node& top) {
  std::vector<dpor_frame> frames;
  std::string guide;
  for (node* place = &top; place->now == state::open;) {
    node* const first = first_not_done(*place);
    frames.push_back(folded_frame(*place, *first));
    place = first;
    if (first->now == state::planned) guide = packed_tree(*first);
    if (first->now != state::idle) continue;
    std::move(first->job->frames.begin(), first->job->frames.end(), std::back_inserter(frames));
    guide = std::move(first->job->guide);
  }
  top.share_done = share_of(top);
  set_idle(top, new_job(top, path_to(top), std::move(frames), std::move(guide)));
  top.children.clear();
  top.asleep.clear();
}

void fold_children(node& place) {
  for (const auto& child : place.children) {
    if (child->now == state::open && child->can_fold) fold(*child);
  }
}

// `is_final`: nothing will be inserted below `place` from above, for elder siblings are done.
void collect(node& place, bool is_final, std::size_t depth,
             std::vector<dpor_tree::candidate>& found) {
  for (const auto& child : place.children) {
    node* c = child.get();
    switch (c->now) {
      case state::done:
        continue;
      case state::open:
        collect(*c, c->is_closed || is_final, depth + 1, found);
        break;
      case state::idle:
        found.push_back({c, depth + 1});
        [[fallthrough]];
      case state::out:
        if (!c->is_known) return;
        break;
      case state::planned:
        for (++depth; !is_final && !c->is_leaf(); ++depth) c = c->children.front().get();
        found.push_back({c, depth});
        return;
    }
    is_final = false;
  }
}

// An open node below which nothing will be inserted from above.
void conclude(node& place, bool must_fold) {
  node* next = first_not_done(place);
  while (next != nullptr && next->now == state::planned &&
         is_covered(*next, asleep_before(*next))) {
    finish(*next);
    next = first_not_done(place);
  }
  if (next == nullptr) return finish(place);
  place.can_fold = must_fold && can_fold(place);
}

// What is explored is done; with `must_fold` the rest is made as few jobs as can be: a node that
// can be folded is folded with the topmost one above it that can.
void settle_below(node& place, bool is_final, bool must_fold) {
  for (const auto& child : place.children) {
    node& c = *child;
    c.can_fold = false;
    if (c.now == state::open) {
      const bool is_child_final = c.is_closed || is_final;
      settle_below(c, is_child_final, must_fold);
      if (is_child_final) conclude(c, must_fold);
      if (c.now == state::open && !c.can_fold) fold_children(c);
    }
    is_final = is_final && c.now == state::done;
  }
}

// A tree as a list of its nodes, each before its children: it may be as deep as an execution is
// long, and nested values would be copied level by level.
json node_to_value(const node& n) {
  return {packed(n.event),
          static_cast<int>(n.now),
          n.is_known,
          n.is_closed,
          n.explored,
          packed(n.asleep),
          n.share_done,
          n.children.size(),
          n.job == nullptr ? json() : to_value(*n.job)};
}

json tree_to_value(const node& root) {
  json all = json::array();
  std::vector<const node*> left{&root};
  while (!left.empty()) {
    const node& n = *left.back();
    left.pop_back();
    all.push_back(node_to_value(n));
    for (auto c = n.children.rbegin(); c != n.children.rend(); ++c) left.push_back(c->get());
  }
  return all;
}

// Without its children.
std::unique_ptr<node> node_from_value(const json& value) {
  auto n = std::make_unique<node>();
  n->event = unpacked_label(value.at(0).get<std::string>());
  n->now = static_cast<state>(value.at(1).get<int>());
  n->is_known = value.at(2);
  n->is_closed = value.at(3);
  n->explored = value.at(4);
  n->asleep = unpacked_labels(value.at(5).get<std::string>());
  n->share_done = value.at(6);
  if (!value.at(8).is_null()) n->job = std::make_unique<dpor_job>(dpor_job_from_value(value.at(8)));
  return n;
}

std::unique_ptr<node> tree_from_value(const json& all) {
  struct unfinished {
    node* parent;
    std::size_t missing;
  };
  std::unique_ptr<node> root;
  std::vector<unfinished> above;
  for (const json& value : all) {
    std::unique_ptr<node> n = node_from_value(value);
    node* const added = n.get();
    if (root == nullptr) {
      root = std::move(n);
    } else {
      unfinished& place = above.back();
      added->parent = place.parent;
      place.parent->children.push_back(std::move(n));
      if (--place.missing == 0) above.pop_back();
    }
    const std::size_t children = value.at(7);
    if (children > 0) above.push_back({added, children});
    if (above.empty()) break;
  }
  if (root == nullptr || !above.empty()) throw std::invalid_argument("a tree that is cut short");
  return root;
}

}  // namespace

dpor_job whole_dpor_job() { return new_job({}, {}, empty_frame({}), {}); }

dpor_tree::dpor_tree() : root_(std::make_unique<node>()) {
  root_->is_closed = root_->is_known = true;
  set_idle(*root_, whole_dpor_job());
}

std::vector<dpor_tree::candidate> dpor_tree::candidates() {
  std::vector<candidate> found;
  if (root_->now == state::idle) found.push_back({root_.get(), 0});
  if (root_->now == state::open) collect(*root_, true, 0, found);
  return found;
}

std::optional<dpor_job> dpor_tree::give(node& job) {
  if (job.now == state::idle) {
    job.now = state::out;
    dpor_job given = std::move(*std::exchange(job.job, nullptr));
    given.outward.clear();
    given.executions = given.largest_leaf = 0;
    for (dpor_frame& frame : given.frames) frame.leaf_begun = 0;
    return given;
  }
  BRAID_ASSERT(job.now == state::planned);
  open(*job.parent);
  const std::vector<event_label> asleep = asleep_before(job);
  if (is_covered(job, asleep)) {
    finish(job);
    return std::nullopt;
  }
  dpor_job given = new_job(job, path_to(*job.parent), empty_frame(asleep), packed_tree(job));
  given.relies_on_waking = !is_final(job);
  job.now = state::out;
  job.is_closed = true;
  job.children.clear();
  return given;
}

void dpor_tree::take_back(node& job, dpor_job rest) {
  BRAID_ASSERT(job.now == state::out);
  if (!rest.event.empty()) {
    job.event = unpacked_label(rest.event);
    job.is_known = true;
  }
  job.share_done = rest.share;
  for (const outward_sequence& found : rest.outward) {
    insert(ancestor_at(job, found.place), unpacked_sequence(found.sequence));
  }
  rest.is_done ? finish(job) : set_idle(job, std::move(rest));
}

std::size_t dpor_tree::divisible_at(const node& job) {
  const std::vector<dpor_frame>& frames = job.job->frames;
  const auto first = std::find_if(frames.begin(), frames.end(),
                                  [](const dpor_frame& frame) { return !frame.todo.empty(); });
  if (first == frames.end()) return none;
  return depth_of(job) + static_cast<std::size_t>(first - frames.begin());
}

void dpor_tree::divide(node& job) {
  BRAID_ASSERT(job.now == state::idle && divisible_at(job) != none);
  const std::unique_ptr<dpor_job> whole = std::move(job.job);
  auto frame = whole->frames.begin();
  const auto end = whole->frames.end();
  for (node* place = &job; frame != end; place = place->children.front().get()) {
    const dpor_frame& opened = *frame++;
    open_at(*place, opened, frame == end ? whole->guide : std::string());
    if (place->children.size() > 1 && frame != end) {
      node& first = *place->children.front();
      set_idle(first, new_job(first, path_to(first), {frame, end}, whole->guide));
      return;
    }
  }
}

void dpor_tree::settle(bool must_fold) {
  if (root_->now != state::open) return;
  settle_below(*root_, true, must_fold);
  conclude(*root_, must_fold);
  if (root_->now != state::open) return;
  root_->can_fold ? fold(*root_) : fold_children(*root_);
}

double dpor_tree::share_done() const { return share_of(*root_); }

json dpor_tree::save() const { return tree_to_value(*root_); }

void dpor_tree::load(const json& saved) { root_ = tree_from_value(saved); }

}  // namespace braid
