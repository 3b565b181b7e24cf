// What optimal DPOR keeps for each place of the execution it is at: who sleeps there, and which
// sequences are still to be explored (Abdulla et al., JACM'17, sections 4 and 6).
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
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
  std::uint32_t size() const { return static_cast<std::uint32_t>(sleepers_.size()); }
  const sleeper& at(std::uint32_t i) const { return sleepers_[i]; }
  std::span<const access> accesses_of(const sleeper& s) const {
    return {accesses_.data() + s.accesses.begin, accesses_.data() + s.accesses.end};
  }
  std::span<const trace_choice> choices_of(const sleeper& s) const {
    return {choices_.data() + s.choices.begin, choices_.data() + s.choices.end};
  }

  // One more at the place on top; `begin` is where its sleepers begin. If now every value of the
  // last choice was explored, one sleeper stands for them all.
  void push(std::uint32_t begin, process_id process, std::span<const access> accesses,
            std::span<const trace_choice> choices);
  // The same sleeper at a later place.
  void repeat(std::uint32_t i) { sleepers_.push_back(sleeper(sleepers_[i])); }
  // How much is in use, and going back to less.
  struct height {
    std::uint32_t sleepers = 0;
    std::uint32_t accesses = 0;
    std::uint32_t choices = 0;
  };
  height top() const {
    return {size(), static_cast<std::uint32_t>(accesses_.size()),
            static_cast<std::uint32_t>(choices_.size())};
  }
  void cut(height to);

 private:
  void unite(std::uint32_t begin);

  std::vector<sleeper> sleepers_;
  std::vector<access> accesses_;
  std::vector<trace_choice> choices_;
};

// True if what was explored with the choices `explored` covers what makes the choices `made` first.
bool covers(std::span<const trace_choice> explored, std::span<const trace_choice> made);

// A sequence of events that begins a class of executions not seen yet.
struct wakeup_sequence {
  struct step {
    process_id process;
    std::uint32_t choices_end;  // of those of the whole sequence
  };

  std::vector<access> first_accesses;  // as far as they are known
  std::vector<step> steps;
  std::vector<trace_choice> choices;  // that the steps must make; what comes after them is free

  std::span<const trace_choice> choices_of(std::size_t step) const {
    const std::uint32_t begin = step == 0 ? 0 : steps[step - 1].choices_end;
    return {choices.data() + begin, choices.data() + steps[step].choices_end};
  }
};

nlohmann::json to_value(std::span<const access> accesses);
nlohmann::json to_value(std::span<const trace_choice> choices);
nlohmann::json to_value(const wakeup_sequence& sequence);
std::vector<access> accesses_from_value(const nlohmann::json& value);
std::vector<trace_choice> choices_from_value(const nlohmann::json& value);
wakeup_sequence sequence_from_value(const nlohmann::json& value);

}  // namespace braid
