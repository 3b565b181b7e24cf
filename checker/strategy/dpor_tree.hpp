// What dpor has explored, explores and is going to explore, as a tree that is cut into jobs.
//
// A node is an event, with all that begins with the events from the root to it. The place k of an
// execution is that before its event number k, which is where a node of depth k stands. A node is
// either *planned*, or a job (*idle*, or *out* with a worker), or *open*: then its children are
// what is to be explored after it, in the order in which sleep sets take them; or it is *done*.
// Jobs find races whose earlier event lies above them. The sequences that reverse these are
// inserted in the tree, as wakeup sequences are in the trees of one worker.
//
// Laws, on which it rests that each class is explored once although jobs run at the same time:
//  * What a job explores depends on its elder siblings, and those of its ancestors, by their labels
//    alone: they sleep. So a child is given away only after its elder siblings have been executed
//    once, when it is known what they do and which choices they make.
//  * At the end of a leaf nobody sleeps: a sequence is only planned where no sleeper and no elder
//    sibling is one of its weak initials, so each of them conflicts with something in it, and
//    whoever is planned later is younger and does not sleep there. (What the last event does is not
//    always known when it is planned; an execution that is cut for this is told.) So all that
//    begins with a leaf is found from within it, and it is *closed*: a sequence that could begin
//    with it is covered by it, even if it is given away while its elder siblings are explored. A
//    planned node with children is not: what lies between its leaves is found by its elder siblings
//    only. It is opened, or, once they are done, given away whole.
//  * The continuation of the first branch of a job that is cut is closed: its elder siblings are
//    done.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "strategy/dpor_job.hpp"
#include "strategy/event_label.hpp"
#include "strategy/wakeup_sequence.hpp"

namespace braid {

// The job that is all of the search.
dpor_job whole_dpor_job();

class dpor_tree {
 public:
  enum class state : std::uint8_t { planned, open, idle, out, done };

  struct node {
    event_label event;  // of the root: none
    node* parent = nullptr;
    state now = state::planned;
    bool is_known = false;   // that the label is what the event does where it is
    bool is_closed = false;  // no sequence from above is inserted below it
    bool can_fold = false;   // while the tree is settled
    std::vector<std::unique_ptr<node>> children;
    std::vector<event_label> asleep;  // after it, if it is open
    std::uint32_t explored = 0;       // branches after it that are no children
    std::unique_ptr<dpor_job> job;    // if it is idle
    double share_done = 0;

    bool is_leaf() const { return children.empty(); }
  };

  dpor_tree();

  // Those that can be given away next, in order: what is idle, and after each open node the first
  // child that is planned, or the first leaf below that child.
  struct candidate {
    node* job;
    std::size_t depth;  // how many events it begins with
  };
  std::vector<candidate> candidates();

  // Gives away a candidate. None: it is covered by what was explored before it, and is done.
  std::optional<dpor_job> give(node& job);
  // What is left of it.
  void take_back(node& job, dpor_job rest);
  // The depth of the first place at which an idle job has more than one branch, or none.
  static std::size_t divisible_at(const node& job);
  static constexpr std::size_t none = ~std::size_t{0};
  // Opens an idle job down to that place.
  static void divide(node& job);
  // Forgets what lies below nodes that are done. With `must_fold`, what can go on as one job
  // becomes one again. While no job is out.
  void settle(bool must_fold);

  bool is_done() const { return root_->now == state::done; }
  double share_done() const;

  nlohmann::json save() const;
  void load(const nlohmann::json& saved);

 private:
  std::unique_ptr<node> root_;
};

}  // namespace braid
