// How a finding was shrunk, and when its execution goes wrong; see turning.hpp.
#include "report/turning.hpp"

namespace braid {
namespace {

std::string told_in_words(const told_operation& o, bool with_step) {
  std::string text = o.goroutine + " " + o.operation;
  if (with_step && o.step != 0) text += " (step " + std::to_string(o.step) + ")";
  return text;
}

void write_labelled(page& to, std::string_view label, const std::string& text) {
  constexpr std::size_t text_at = 11;
  to.to(2).put(label, ink::faint).to(text_at).put_folded(printable(text, to.look())).end_line();
}

// What an execution has that fails so: it may have others beside it, or without it.
std::string_view noun_of(verdict what) {
  if (what == verdict::fatal) return "fatal error";
  if (what == verdict::not_linearizable) return "history that is not linearizable";
  return name_of(what);
}

std::string decided_in_words(const turning_point& t, const std::string& failure) {
  const std::string every = t.is_exhausted ? "every schedule" : "every schedule that was tried";
  if (t.decided_by.step == 0) return "before the first step: " + every + " has a " + failure;
  const std::string what =
      t.decided_by.operation.empty() ? "" : ": " + told_in_words(t.decided_by, false);
  return "at step " + std::to_string(t.decided_by.step) + what + "; from there on " + every +
         " has a " + failure;
}

}  // namespace

std::string size_in_words(std::uint32_t steps, std::uint32_t preemptions) {
  return counted(steps, "step") + ", " + counted(preemptions, "preemption");
}

void write_size(page& to, const finding& f) {
  if (f.minimal == minimality::unknown && !f.shrunk_from) return;
  std::string text = "after " + size_in_words(f.steps, f.preemptions);
  if (f.minimal == minimality::proved && f.preemptions > 0) text += " (the fewest)";
  if (f.shrunk_from) {
    text += "   shrunk from " + size_in_words(f.shrunk_from->steps, f.shrunk_from->preemptions);
  }
  to.to(4).put_folded(text, ink::faint).end_line();
}

void write_turn(page& to, const finding& f) {
  const turning_point& t = f.turn;
  if (!t.is_known) return;
  const std::string failure(noun_of(f.what));
  write_labelled(to, "decided", decided_in_words(t, failure));
  if (t.swap.size() == 2) {
    write_labelled(to, "order",
                   told_in_words(t.swap[0], true) + ", then " + told_in_words(t.swap[1], true) +
                       "; with these two swapped, the rest alike, there is no " + failure);
  }
  if (t.good_token.empty()) return;
  write_labelled(
      to, "good",
      (t.without.empty() ? "with " + to.word_for(t.good_token) : "without " + t.without) +
          " there is no " + failure + "; first difference at step " +
          std::to_string(t.first_difference));
}

}  // namespace braid
