// What can happen next, as lockstep shows it to a strategy.
#pragma once

#include <algorithm>
#include <bit>
#include <braid/scheduler.hpp>
#include <cstdint>
#include <vector>

#include "trace/execution.hpp"

namespace braid {

// A set of goroutine numbers. Counting, and finding the k-th, cost one step for 64 goroutines.
class goroutine_set {
 public:
  void clear() {
    words_.assign(words_.size(), 0);
    size_ = 0;
  }
  bool has(std::uint32_t number) const {
    const std::size_t word = number / 64;
    return word < words_.size() && (words_[word] >> (number % 64) & 1) != 0;
  }
  void insert(std::uint32_t number) {
    if (number / 64 >= words_.size()) words_.resize(number / 64 + 1);
    if (has(number)) return;
    words_[number / 64] |= std::uint64_t{1} << (number % 64);
    ++size_;
  }
  void erase(std::uint32_t number) {
    if (!has(number)) return;
    words_[number / 64] &= ~(std::uint64_t{1} << (number % 64));
    --size_;
  }
  std::uint32_t size() const { return size_; }
  // The k-th smallest member, from 0. REQUIRES: k < size().
  std::uint32_t at(std::uint32_t k) const;
  // The smallest member. REQUIRES: size() > 0.
  std::uint32_t first() const;
  // How many members are smaller than `number`.
  std::uint32_t rank(std::uint32_t number) const;
  // Calls visit(number) for each member, in order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i) visit_word(i, words_[i], visit);
  }
  // The same for each that is also in `other`.
  template <class Visit>
  void for_each_also_in(const goroutine_set& other, Visit&& visit) const {
    const std::size_t words = std::min(words_.size(), other.words_.size());
    for (std::size_t i = 0; i < words; ++i) visit_word(i, words_[i] & other.words_[i], visit);
  }
  // Takes over the members of `a` that are not in `b`.
  void assign_difference(const goroutine_set& a, const goroutine_set& b) {
    words_ = a.words_;
    size_ = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (i < b.words_.size()) words_[i] &= ~b.words_[i];
      size_ += static_cast<std::uint32_t>(std::popcount(words_[i]));
    }
  }

 private:
  template <class Visit>
  static void visit_word(std::size_t index, std::uint64_t word, Visit& visit) {
    for (; word != 0; word &= word - 1) {
      visit(static_cast<std::uint32_t>(index * 64) +
            static_cast<std::uint32_t>(std::countr_zero(word)));
    }
  }

  std::vector<std::uint64_t> words_ = {0};
  std::uint32_t size_ = 0;
};

// std::popcount is a call into a library unless the compiler may assume a newer processor.
inline std::uint32_t count_bits(std::uint64_t word) {
  word -= word >> 1 & 0x5555555555555555;
  word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
  word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return static_cast<std::uint32_t>(word * 0x0101010101010101 >> 56);
}

inline std::uint32_t goroutine_set::at(std::uint32_t k) const {
  std::uint32_t base = 0;
  for (std::uint64_t word : words_) {
    const auto members = count_bits(word);
    if (k < members) {
      for (; k > 0; --k) word &= word - 1;
      return base + static_cast<std::uint32_t>(std::countr_zero(word));
    }
    k -= members;
    base += 64;
  }
  return base;
}

inline std::uint32_t goroutine_set::first() const {
  std::size_t word = 0;
  while (words_[word] == 0) ++word;
  return static_cast<std::uint32_t>(word * 64) +
         static_cast<std::uint32_t>(std::countr_zero(words_[word]));
}

inline std::uint32_t goroutine_set::rank(std::uint32_t number) const {
  std::uint32_t smaller = 0;
  for (std::size_t word = 0; word < number / 64; ++word) {
    smaller += count_bits(words_[word]);
  }
  const std::uint64_t below = (std::uint64_t{1} << (number % 64)) - 1;
  return smaller + count_bits(words_[number / 64] & below);
}

// One thing that can happen next: goroutine `index` does its pending operation, or the `index`-th
// of the timers that are due together fires.
struct alternative {
  decision_kind kind;
  std::uint32_t index;
  friend bool operator==(const alternative&, const alternative&) = default;
};

// Knows who is behind the alternatives; lockstep does.
class participants {
 public:
  virtual process_id process_of(alternative a) const = 0;
  // What it would do; null for a timer.
  virtual const op* pending_of(alternative a) const = 0;
  // The `index`-th of the timers that are due together.
  virtual const alarm& timer_at(std::uint32_t index) const = 0;
  virtual time_point time() const = 0;
  // The stable id of the object at this address.
  virtual std::uint64_t object_id(const void* address) const = 0;
  // How many goroutines there were so far; their numbers are below.
  virtual std::uint32_t spawned() const = 0;
  // Of goroutine `number`, which may have ended: its spawn path, and where it was created.
  virtual process_id path_of(std::uint32_t number) const = 0;
  virtual where created_at(std::uint32_t number) const = 0;

 protected:
  ~participants() = default;
};

// A choice of the next event. Alternatives are ranked: the default first (the goroutine that ran
// last, else the lowest-numbered one, else the first timer), then the other goroutines by number,
// then the other timers.
class situation {
 public:
  static constexpr std::uint32_t none = 0xffffffff;      // no rank
  static constexpr std::uint32_t diverged = 0xfffffffe;  // see strategy::pick()

  situation(const goroutine_set& enabled, std::uint32_t timers, std::uint32_t current,
            std::uint32_t step, const participants& who, const trace_log& log)
      : enabled_(enabled),
        timers_(timers),
        current_(current),
        step_(step),
        can_continue_(enabled.has(current)),
        who_(who),
        log_(log) {}

  // Who acts in the alternative of this rank.
  process_id process_at(std::uint32_t rank) const { return who_.process_of(at(rank)); }
  // The operation that the alternative of this rank is; null if a timer fires.
  const op* pending_at(std::uint32_t rank) const { return who_.pending_of(at(rank)); }
  std::uint64_t object_id(const void* address) const { return who_.object_id(address); }
  // Of an alternative that is a timer: the timer, and whether the clock moves if it fires.
  const alarm& timer_of(alternative a) const { return who_.timer_at(a.index); }
  bool moves_clock(alternative a) const { return timer_of(a).when > who_.time(); }
  // The rank in which this process acts, or none.
  std::uint32_t rank_of_process(process_id process) const {
    for (std::uint32_t rank = 0; rank < size(); ++rank) {
      if (process_at(rank) == process) return rank;
    }
    return none;
  }
  // The goroutines that can act.
  const goroutine_set& enabled() const { return enabled_; }
  // How many timers may fire.
  std::uint32_t timers() const { return timers_; }
  // True if the goroutine that ran last can go on: then another one in its place is a preemption.
  bool can_continue() const { return can_continue_; }
  bool preempts(std::uint32_t rank) const {
    return rank != 0 && rank < enabled_.size() && can_continue();
  }
  // By their numbers: all goroutines so far, and what an enabled one does next.
  std::uint32_t spawned() const { return who_.spawned(); }
  process_id path_of(std::uint32_t number) const { return who_.path_of(number); }
  where created_at(std::uint32_t number) const { return who_.created_at(number); }
  const op& pending_of(std::uint32_t number) const {
    return *who_.pending_of({decision_kind::goroutine, number});
  }
  // The same with fewer alternatives: some of the goroutines, the first of the timers.
  situation narrowed_to(const goroutine_set& some, std::uint32_t timers) const {
    return {some, timers, current_, step_, who_, log_};
  }

  // The events so far, for a strategy that wants the trace.
  const trace_log& log() const { return log_; }

  std::uint32_t step() const { return step_; }
  std::uint32_t size() const { return enabled_.size() + timers_; }

  alternative at(std::uint32_t rank) const {
    if (rank == 0 && can_continue()) return {decision_kind::goroutine, current_};
    if (rank == 0 && enabled_.size() > 0) return {decision_kind::goroutine, enabled_.first()};
    const std::uint32_t default_place = place_of_default();
    const std::uint32_t place = rank == 0 ? 0 : rank <= default_place ? rank - 1 : rank;
    if (place < enabled_.size()) return {decision_kind::goroutine, enabled_.at(place)};
    return {decision_kind::timer, place - enabled_.size()};
  }
  // The rank of an alternative, or size() if it is none.
  std::uint32_t rank_of(alternative wanted) const {
    if (wanted.kind == decision_kind::goroutine ? !enabled_.has(wanted.index)
                                                : wanted.index >= timers_) {
      return size();
    }
    const std::uint32_t place = wanted.kind == decision_kind::goroutine
                                    ? enabled_.rank(wanted.index)
                                    : enabled_.size() + wanted.index;
    const std::uint32_t default_place = place_of_default();
    return place == default_place ? 0 : place < default_place ? place + 1 : place;
  }

 private:
  std::uint32_t place_of_default() const { return can_continue() ? enabled_.rank(current_) : 0; }

  const goroutine_set& enabled_;
  std::uint32_t timers_;
  std::uint32_t current_;  // the goroutine that did the last step
  std::uint32_t step_;
  bool can_continue_;
  const participants& who_;
  const trace_log& log_;
};

// A choice within an event.
struct choice_point {
  std::uint32_t step;
  decision_kind kind;  // arm or value
  std::uint32_t of;
};

}  // namespace braid
