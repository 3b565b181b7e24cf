// An execution as a plan that others can follow loosely: who acts how far, one after another.
//
// A token says what happens at which step, so whatever is left out early shifts the meaning of all
// that comes later. A plan says `g2 acts until it has done 5 events, then g1 until it has done 9`:
// if a block is left out, what it would have done is done in the next block of the same process, or
// by default at the end, and the other blocks keep their meaning. Processes are named by their
// stable ids, not by numbers.
#pragma once

#include <map>
#include <vector>

#include "strategy.hpp"
#include "trace/schedule.hpp"
#include "trace/shared_array.hpp"

namespace braid {

struct plan {
  // `who` acts as long as it can and has done fewer than `until` events.
  struct block {
    process_id who;
    std::uint32_t until;
    bool deviates = false;  // it began with a deviation where the plan comes from
  };
  // A choice that is not the default.
  struct choice {
    process_id who;         // acted last before it
    std::uint32_t event;    // its events so far
    std::uint32_t ordinal;  // of the choices since that event, from 0
    std::uint32_t taken;
  };
  static constexpr std::uint32_t no_end = ~0U;

  std::vector<block> blocks;
  std::vector<choice> choices;
  std::uint64_t data_seed = 0;
};

// Follows a plan as far as it can, from block to block; then the default.
class plan_strategy final : public strategy {
 public:
  explicit plan_strategy(const plan& follow) : follow_(follow) {}

  bool begin(std::uint64_t run) override;
  std::uint32_t pick(const situation& now) override;
  std::uint32_t choose(const choice_point& now) override;
  void end(const execution&) override {}
  std::uint64_t data_seed() const override { return follow_.data_seed; }
  bool is_exhaustive() const override { return false; }
  bool wants_every_event() const override { return true; }

 private:
  const plan& follow_;
  std::size_t next_ = 0;                      // the present block
  std::map<process_id, std::uint32_t> done_;  // events
  process_id last_ = 0;
  std::uint32_t choices_ = 0;  // since the last event
};

// What a process did, event by event: an item for each event, and for each choice that is not the
// default, in their order. In shared memory: who writes may crash.
struct plan_note {
  process_id who;
  std::uint32_t step;
  std::uint32_t choice;  // 0: an event; else what was taken
  std::uint32_t ordinal;
};
using plan_notes = shared_array<plan_note>;

// Does what another strategy does, and takes notes.
class noting_strategy final : public strategy {
 public:
  noting_strategy(strategy& decides, plan_notes& notes) : decides_(decides), notes_(notes) {}

  bool begin(std::uint64_t run) override;
  std::uint32_t pick(const situation& now) override;
  std::uint32_t choose(const choice_point& now) override;
  void end(const execution& done) override { decides_.end(done); }
  std::uint64_t data_seed() const override { return decides_.data_seed(); }
  bool is_exhaustive() const override { return false; }
  bool wants_every_event() const override { return true; }

 private:
  strategy& decides_;
  plan_notes& notes_;
  process_id last_ = 0;
  std::uint32_t choices_ = 0;
};

// The plan that an execution came to, exactly.
plan plan_of(const plan_notes& notes, const schedule& by, std::uint64_t data_seed);

// Equal for equal plans, and hardly ever for others.
std::uint64_t hash_of(const plan& p);

}  // namespace braid
