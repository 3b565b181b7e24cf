// Shrinks a schedule; see shrink.hpp.
#include "explain/shrink.hpp"

#include <algorithm>
#include <set>

#include "strategy/replay.hpp"

namespace braid {
namespace {

class shrinker {
 public:
  shrinker(shrink_lab& lab, const still_fails& fails,
           const std::function<void(const schedule&)>& improved)
      : lab_(lab), fails_(fails), improved_(improved) {}

  shrunk_schedule run(const schedule& from) {
    const std::uint64_t all = lab_.steps_left();
    replay_strategy follows(from);
    lab_.run(follows);
    const bool reproduced = has_failed();
    best_ = lab_.describe();
    if (!reproduced) return {.smallest = std::move(best_), .reproduced = false};
    within(all / 3 * 2, [&] { shrink_greedily(); });
    within(lab_.steps_left() / 2, [&] { search_preemptions(); });
    within(lab_.steps_left(), [&] { search_deviations(); });
    return {.smallest = std::move(best_), .minimal = minimal()};
  }

 private:
  minimality minimal() const {
    if (is_proved_) return minimality::proved;
    return is_fixed_point_ ? minimality::one_minimal : minimality::unknown;
  }

  // Spends a part of the budget at most.
  template <class F>
  void within(std::uint64_t steps, F&& work) {
    const std::uint64_t all = lab_.steps_left();
    const std::uint64_t part = std::min(all, steps);
    lab_.allow(part);
    work();
    // An interrupt leaves nothing, of what is kept back neither.
    lab_.allow(all - part + lab_.steps_left());
  }

  bool has_failed() { return fails_(lab_); }

  // Takes the last execution if it is smaller and fails.
  bool keep_if_better() {
    if (!(cost_of(lab_.last()) < best_.cost) || !has_failed()) return false;
    tried_execution found = lab_.describe();
    if (!(found.cost < best_.cost)) return false;  // the program is not deterministic
    best_ = std::move(found);
    if (improved_) improved_(best_.follow);
    return true;
  }

  // What was no better once is no better than what was found since.
  bool attempt(const plan& candidate) {
    if (!tried_.insert(hash_of(candidate)).second) return false;
    plan_strategy follows(candidate);
    return lab_.run(follows) && keep_if_better();
  }
  bool attempt(const schedule& candidate) {
    if (!struck_.insert(text_of(candidate)).second) return false;
    replay_strategy follows(candidate);
    return lab_.run(follows) && keep_if_better();
  }

  void shrink_greedily() {
    is_fixed_point_ = false;
    while (!lab_.is_spent()) {
      const schedule_cost before = best_.cost;
      keep_a_beginning();
      leave_out_processes();
      leave_out_blocks();
      run_blocks_on();
      leave_out_choices();
      leave_out_deviations();
      lower_data_seed();
      if (best_.cost == before) {
        is_fixed_point_ = !lab_.is_spent();
        return;
      }
    }
  }

  // The shortest beginning after which the default fails, if it is among 0, 1, 2, 4, ... blocks.
  void keep_a_beginning() {
    const plan whole = best_.as_plan;
    for (std::size_t kept = 0; kept < whole.blocks.size(); kept = kept == 0 ? 1 : kept * 2) {
      plan candidate = whole;
      candidate.blocks.resize(kept);
      if (attempt(candidate)) return;
    }
  }

  // What some processes would do happens by default only: of halves, of quarters, ...
  void leave_out_processes() {
    std::vector<process_id> all = processes();
    for (std::size_t size = all.size() / 2; size > 0; size /= 2) {
      for (std::size_t at = 0; at < all.size() && !lab_.is_spent(); at += size) {
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(at);
        const std::set<process_id> out(
            first, first + static_cast<std::ptrdiff_t>(std::min(size, all.size() - at)));
        plan candidate = best_.as_plan;
        std::erase_if(candidate.blocks, [&](const plan::block& b) { return out.count(b.who) > 0; });
        attempt(candidate);
      }
    }
  }

  // In the order of their first events.
  std::vector<process_id> processes() const {
    std::vector<process_id> all;
    for (const plan::block& b : best_.as_plan.blocks) {
      if (std::find(all.begin(), all.end(), b.who) == all.end()) all.push_back(b.who);
    }
    return all;
  }

  // What the default would do anyway is no use to leave out, unless a deviation is near.
  bool is_worth(std::size_t at, std::size_t count) const {
    const std::vector<plan::block>& blocks = best_.as_plan.blocks;
    const std::size_t end = std::min(blocks.size(), at + count + 1);
    for (std::size_t i = at; i < end; ++i) {
      if (blocks[i].deviates) return true;
    }
    return false;
  }

  void leave_out_blocks() {
    for (std::size_t size = best_.as_plan.blocks.size() / 2; size > 0; size /= 2) {
      for (std::size_t at = 0; at < best_.as_plan.blocks.size() && !lab_.is_spent();) {
        if (!is_worth(at, size)) {
          at += size;
          continue;
        }
        plan candidate = best_.as_plan;
        const auto first = candidate.blocks.begin() + static_cast<std::ptrdiff_t>(at);
        const std::size_t count = std::min(size, candidate.blocks.size() - at);
        candidate.blocks.erase(first, first + static_cast<std::ptrdiff_t>(count));
        if (!attempt(candidate)) at += size;
      }
    }
  }

  // Up to where the process acts again, or as far as it can.
  void run_blocks_on() {
    for (std::size_t at = 0; at < best_.as_plan.blocks.size() && !lab_.is_spent(); ++at) {
      if (!is_worth(at, 1)) continue;
      if (attempt(with_block_until_next(at)) || attempt(with_block_to_its_end(at))) continue;
      attempt(with_rest_by_default(at));
    }
  }

  plan with_block_until_next(std::size_t at) const {
    plan candidate = best_.as_plan;
    std::vector<plan::block>& blocks = candidate.blocks;
    for (std::size_t next = at + 1; next < blocks.size(); ++next) {
      if (blocks[next].who != blocks[at].who) continue;
      blocks[at].until = blocks[next].until;
      blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(next));
      break;
    }
    return candidate;
  }

  plan with_block_to_its_end(std::size_t at) const {
    plan candidate = best_.as_plan;
    candidate.blocks[at].until = plan::no_end;
    return candidate;
  }

  plan with_rest_by_default(std::size_t at) const {
    plan candidate = best_.as_plan;
    candidate.blocks.resize(at + 1);
    return candidate;
  }

  void leave_out_choices() {
    plan candidate = best_.as_plan;
    if (candidate.choices.empty()) return;
    candidate.choices.clear();
    if (attempt(candidate)) return;
    for (std::size_t at = 0; at < best_.as_plan.choices.size() && !lab_.is_spent();) {
      candidate = best_.as_plan;
      candidate.choices.erase(candidate.choices.begin() + static_cast<std::ptrdiff_t>(at));
      if (!attempt(candidate)) lower_choice(at++);
    }
  }

  void lower_choice(std::size_t at) {
    const std::uint32_t taken = best_.as_plan.choices[at].taken;
    for (const std::uint32_t lower : {std::uint32_t{1}, taken / 2, taken - 1}) {
      if (lower == 0 || lower >= taken) continue;
      plan candidate = best_.as_plan;
      candidate.choices[at].taken = lower;
      if (attempt(candidate)) return;
    }
  }

  // As someone would who edits the token.
  void leave_out_deviations() {
    for (std::size_t at = 0; at < best_.follow.deviations.size() && !lab_.is_spent();) {
      schedule candidate = best_.follow;
      candidate.deviations.erase(candidate.deviations.begin() + static_cast<std::ptrdiff_t>(at));
      if (!attempt(candidate)) ++at;
    }
  }

  void lower_data_seed() {
    constexpr std::uint64_t seeds = 4;
    for (std::uint64_t seed = 0; seed < std::min(seeds, best_.cost.data_seed); ++seed) {
      plan by_plan = best_.as_plan;
      by_plan.data_seed = seed;
      schedule by_steps = best_.follow;
      by_steps.data_seed = seed;
      if (attempt(by_plan) || attempt(by_steps)) return;
    }
  }

  // Executions within a bound, those with fewer first. True if it ended without a better one.
  bool search(const strategy_options& within) {
    const std::unique_ptr<strategy> tries = make_strategy(within);
    while (lab_.run(*tries)) {
      if (tries->counts(lab_.last()) && keep_if_better()) return false;
      tries->end(lab_.last());
    }
    return !lab_.is_spent();
  }

  strategy_options dfs() const { return {.name = "dfs", .seed = best_.as_plan.data_seed + 1}; }

  void search_preemptions() {
    if (best_.cost.preemptions == 0) {
      is_proved_ = true;
      return;
    }
    strategy_options few = dfs();
    few.preemptions_max = best_.cost.preemptions - 1;
    const std::uint32_t before = best_.cost.preemptions;
    is_proved_ = search(few);
    if (best_.cost.preemptions == before) return;
    // All with fewer were tried before it.
    is_proved_ = true;
    shrink_greedily();
  }

  void search_deviations() {
    while (best_.cost.deviations > 1) {
      strategy_options few = dfs();
      few.deviations_max = best_.cost.deviations - 1;
      const schedule_cost before = best_.cost;
      search(few);
      if (best_.cost == before) return;
      if (best_.cost.preemptions < before.preemptions) {
        is_proved_ = is_proved_ || best_.cost.preemptions == 0;
      }
      shrink_greedily();
    }
  }

  shrink_lab& lab_;
  const still_fails& fails_;
  const std::function<void(const schedule&)>& improved_;
  tried_execution best_;
  std::set<std::uint64_t> tried_;  // plans, by their hashes
  std::set<std::string> struck_;   // schedules
  bool is_fixed_point_ = false;    // nothing that the greedy part tries is smaller
  bool is_proved_ = false;
};

}  // namespace

shrunk_schedule shrink_schedule(shrink_lab& lab, const schedule& from, const still_fails& fails,
                                const std::function<void(const schedule&)>& improved) {
  return shrinker(lab, fails, improved).run(from);
}

}  // namespace braid
