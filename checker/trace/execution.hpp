// One execution: the decisions that were taken and what it came to.
//
// It is written while the program runs, into memory that is shared with the parent process, so that
// a program that crashes leaves its schedule and its output behind (the flight recorder).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <braid/verdict.hpp>
#include "trace/shared_array.hpp"
#include "trace/trace_log.hpp"

namespace braid {

enum class decision_kind : std::uint8_t {
  goroutine,  // which goroutine does its pending operation
  timer,      // which of the timers that are due together fires
  arm,        // which ready case of a select
  value,      // the value of choose()
};

// A point at which more than one thing could happen.
struct decision {
  std::uint32_t step;   // number of the event that it decides, from 1
  std::uint32_t taken;  // goroutine, timer (from 0), arm among the ready ones, or value
  std::uint32_t rank;   // of what was taken among the alternatives; the default has rank 0
  std::uint32_t of;     // alternatives
  decision_kind kind;
  bool preempts = false;         // the goroutine that ran last could have gone on
  std::uint32_t preempting = 0;  // so many alternatives preempt, those from rank 1 on

  bool is_deviation() const { return rank != 0; }
};

// What production, too, writes last to stderr when a goroutine's stack overflows (rule G12).
inline constexpr std::string_view stack_overflow_line = "fatal error: stack overflow\n";

class execution {
 public:
  // What is fixed in size, in shared memory too.
  struct summary {
    std::uint64_t run = 0;        // its number, from 0
    std::uint64_t data_seed = 0;  // of random()
    std::uint64_t trace_hash = 0;
    // Hash of the set of data races, and of foreign unlocks if they are asked for; 0: none.
    std::uint64_t races = 0;
    std::uint32_t steps = 0;
    std::uint32_t local_steps = 0;  // of these: what happened within another event
    std::uint32_t goroutines = 0;   // main included
    std::uint32_t running = 0;      // whose code runs, or ran when the process died
    std::uint32_t deviations = 0;
    std::uint32_t verdict_bits = 0;
    std::int32_t exit_code = 0;  // of exit(n), or the signal of a crash
    std::uint32_t dropped = 0;   // stacks that could not be unwound
    bool drew_random = false;
    bool run_on_cut = false;        // something still ran when the run-on after main's end stopped
    bool run_on_died = false;       // because it crashed, or hung
    bool output_cut = false;        // more output than there is room for
    bool has_ended = false;         // the program; others may still run on
    bool has_hidden_state = false;  // cut: a loop depends on what braid does not see
    bool is_redundant = false;      // cut: every continuation was explored
    bool has_refused = false;       // an operation on an object that did not live
    bool has_diverged = false;      // cut: what happened before cannot be repeated
    bool has_hung = false;          // cut: it did nothing that braid sees for long
    bool is_over = false;           // false while the program runs: what a crash leaves behind
  };

  execution();

  void clear(std::uint64_t run);
  summary& facts() { return *facts_.begin(); }
  const summary& facts() const { return *facts_.begin(); }
  verdict_set verdicts() const { return verdict_set::of_bits(facts().verdict_bits); }
  void add(verdict v);
  // The process died of `signal` while the program ran. After the program's end that is no finding,
  // but it cuts the run-on short.
  void crashed(int signal);
  // A goroutine's stack overflowed, of which the process will die. Safe in a signal handler.
  void overflowed();
  // It did not come back, and was ended from outside.
  void hung();

  const decision& decided(const decision& d) {
    facts().deviations += d.is_deviation();
    return decisions_.push(d);
  }
  // Takes the first decisions of the execution before, which clear() only hid.
  void keep_decisions(std::size_t count, std::uint32_t deviations) {
    decisions_.extend(count);
    facts().deviations = deviations;
  }
  void printed(std::string_view text) { append(output_, text); }
  void printed_error(std::string_view text) { append(errors_, text); }

  std::span<const decision> decisions() const { return decisions_.all(); }
  std::string_view output() const { return view(output_); }
  std::string_view errors() const { return view(errors_); }
  // True if the next few hundred steps might not fit.
  bool is_nearly_full() const { return decisions_.is_nearly_full() || log_.is_nearly_full(); }
  // Empty unless the strategy wants it.
  trace_log& log() { return log_; }
  const trace_log& log() const { return log_; }

 private:
  static std::string_view view(const shared_array<char>& text) {
    return {text.all().data(), text.all().size()};
  }
  void append(shared_array<char>& to, std::string_view text) {
    if (!to.append({text.data(), text.size()})) facts().output_cut = true;
  }

  shared_array<summary> facts_;
  shared_array<decision> decisions_;
  shared_array<char> output_;
  shared_array<char> errors_;
  trace_log log_;
};

}  // namespace braid
