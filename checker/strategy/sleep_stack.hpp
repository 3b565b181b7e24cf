// Sleep sets: what was explored at the places of an execution (Godefroid; Abdulla et al., JACM'17,
// section 4).
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "trace/trace_log.hpp"

namespace braid {

// An event that was explored at some place, and that nothing since has conflicted with: whatever
// begins with it there was explored. Such events lie in a stack, those of a place above those of
// the places before it.
struct sleeper {
  process_id process;
  log_range accesses;  // in the stack's own arrays
  // The choices made in it; only with these it was explored. None: with all.
  log_range choices;
};

class sleep_stack {
 public:
  std::uint32_t size() const { return top_.sleepers; }
  const sleeper& at(std::uint32_t i) const { return sleepers_[i]; }
  std::span<const access> accesses_of(const sleeper& s) const {
    return {accesses_.data() + s.accesses.begin, accesses_.data() + s.accesses.end};
  }
  std::span<const trace_choice> choices_of(const sleeper& s) const {
    return {choices_.data() + s.choices.begin, choices_.data() + s.choices.end};
  }

  // True if what the process does with these choices was explored at the place on top, whose
  // sleepers begin at `begin`.
  bool covers(std::uint32_t begin, process_id process, std::span<const trace_choice> made) const;
  // One more at that place. If now every value of the last choice was explored, one sleeper stands
  // for them all. REQUIRES: it is not covered.
  void push(std::uint32_t begin, process_id process, std::span<const access> accesses,
            std::span<const trace_choice> choices);
  // The same sleeper at a later place.
  void repeat(std::uint32_t i) {
    sleepers_.push_back(sleeper(sleepers_[i]));
    ++top_.sleepers;
  }
  // How much is in use, and going back to less.
  struct height {
    std::uint32_t sleepers = 0;
    std::uint32_t accesses = 0;
    std::uint32_t choices = 0;
  };
  height top() const { return top_; }
  void cut(height to);

 private:
  void unite(std::uint32_t begin);

  height top_;  // the sizes of these, which are asked for at each event
  std::vector<sleeper> sleepers_;
  std::vector<access> accesses_;
  std::vector<trace_choice> choices_;
};

// True if what was explored with the choices `explored` covers what makes the choices `made` first.
inline bool covers(std::span<const trace_choice> explored, std::span<const trace_choice> made) {
  return explored.size() <= made.size() &&
         std::equal(explored.begin(), explored.end(), made.begin(),
                    [](trace_choice a, trace_choice b) { return a.taken == b.taken; });
}

}  // namespace braid
