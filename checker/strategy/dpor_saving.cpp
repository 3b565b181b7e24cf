// A job of dpor as a value, and back; see dpor.hpp.
#include <nlohmann/json.hpp>

#include "strategy/dpor.hpp"
#include "strategy/event_label.hpp"

namespace braid {

nlohmann::json optimal_dpor::save() const {
  dpor_job rest = job_;
  rest.is_done = exhausted_;
  if (!has_log_) return to_value(rest);
  rest.frames.clear();
  rest.largest_leaf = largest_leaf_;
  for (std::uint32_t i = base_; i < depth_; ++i) {
    rest.frames.push_back(packed_frame(i));
    rest.largest_leaf = std::max(rest.largest_leaf, size_of_leaf(frames_[i]));
  }
  rest.guide = guide_ == wakeup_trees::none ? std::string() : trees_.packed(guide_);
  rest.relies_on_waking = false;
  rest.outward = outward_;
  rest.executions = executions_;
  rest.share = share_done();
  if (base_ > 0) rest.event = packed_event(base_ - 1);
  if (!rest.is_begun()) rest.path.push_back(rest.event);
  return to_value(rest);
}

std::string optimal_dpor::packed_event(std::uint32_t event) const {
  const traced_event& e = log_->events.all()[event];
  packer into;
  pack(into, log_->process_of(e), log_->accesses_of(e), log_->choices_of(e));
  return into.take();
}

dpor_frame optimal_dpor::packed_frame(std::uint32_t event) const {
  const frame& f = frames_[event];
  dpor_frame result{.event = event == branch_ ? std::string() : packed_event(event),
                    .asleep = {},
                    .todo = {},
                    .explored = f.explored,
                    .leaf_begun = f.leaf_begun};
  packer asleep;
  for (std::uint32_t k = f.asleep.begin; k < f.asleep.end; ++k) {
    const sleeper& s = sleepers_.at(k);
    pack(asleep, s.process, sleepers_.accesses_of(s), sleepers_.choices_of(s));
  }
  result.asleep = asleep.take();
  for (const wakeup_trees::node_index n : f.todo) result.todo.push_back(trees_.packed(n));
  return result;
}

void optimal_dpor::load(const nlohmann::json& saved) {
  pop_to(0);
  choices_.clear();
  job_ = dpor_job_from_value(saved);
  base_ = job_.base;
  outward_ = job_.outward;
  executions_ = job_.executions;
  largest_leaf_ = job_.largest_leaf;
  for (const std::string& event : job_.path) {
    push();
    repeat_event(event);
  }
  for (const dpor_frame& frame : job_.frames) push_frame(frame);
  guide_ = job_.guide.empty() ? wakeup_trees::none : trees_.unpacked(job_.guide);
  exhausted_ = job_.is_done;
  branch_ = depth_ == 0 ? 0 : depth_ - 1;
  has_lifetime_race_ = has_counter_race_ = was_misled_ = was_cut_late_ = was_last_cut_ = has_log_ =
      false;
}

void optimal_dpor::push_frame(const dpor_frame& packed) {
  frame& f = push();
  for (const event_label& s : unpacked_labels(packed.asleep)) {
    sleepers_.push(f.asleep.begin, s.process, s.accesses, s.choices);
  }
  f.asleep.end = sleepers_.size();
  for (const std::string& tree : packed.todo) f.todo.push_back(trees_.unpacked(tree));
  f.explored = packed.explored;
  f.leaf_begun = packed.leaf_begun;
  if (!packed.event.empty()) repeat_event(packed.event);
}

// At the place on top.
void optimal_dpor::repeat_event(const std::string& packed) {
  const event_label event = unpacked_label(packed);
  frames_[depth_ - 1].process = event.process;
  choices_.insert(choices_.end(), event.choices.begin(), event.choices.end());
}

}  // namespace braid
