// A wakeup sequence as a value, apart from the execution whose race it reverses: what a job of dpor
// tells the frontier about places that are not its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "strategy/event_label.hpp"

namespace braid {

class wakeup_sequence {
 public:
  // One more event at the end, which comes after those of these numbers in any order of the
  // sequence. Counts of wait groups are those before it in this order.
  void add(event_label label, std::vector<std::uint32_t> after);

  // True if some execution that is equivalent to one that begins with this sequence begins with the
  // event given: it is a weak initial. Of the last event only that it conflicts with others is
  // known, not in which order.
  bool can_begin_with(const event_label& first) const;
  // Takes out the event of a process; does nothing if there is none.
  void remove(process_id process);
  bool is_empty() const;
  // What was not taken out, as it is after what was.
  std::vector<event_label> rest() const;

 private:
  struct event {
    event_label label;
    std::vector<std::uint32_t> after;
    bool is_removed = false;
  };

  access in_place(std::size_t event, const access& a) const;
  bool meets(std::size_t event, const std::vector<access>& accesses) const;
  bool is_first(std::size_t event) const;

  std::vector<event> events_;

  friend std::string packed(const wakeup_sequence& sequence);
  friend wakeup_sequence unpacked_sequence(std::string_view text);
};

std::string packed(const wakeup_sequence& sequence);
wakeup_sequence unpacked_sequence(std::string_view text);

}  // namespace braid
