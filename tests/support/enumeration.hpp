// An oracle that shares no code with braid: every interleaving of a few abstract threads.
//
// A thread is a list of steps. Each step is one or more alternatives, each a guard and an effect on
// a small world; a step whose guards are all false waits. Thread 0 is main. Its last step is end():
// what is written after it does not count. A world in which nothing can move any more is a leak or,
// if main has not ended, a deadlock, unless all threads that were started are at their end.
//
// Timers: arm() sets one, fired() waits for it. They fire in the order of their deadlines; with
// ordered timers only when no thread can move or when the time has come, with free ones at any
// point. Worlds that were seen before are not followed again: outcomes are a function of the world.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace braid::testing::enumeration {

struct world {
  std::array<int, 16> cell{};  // what the threads share; its meaning is theirs
  std::array<std::int64_t, 4> deadline{};
  std::array<bool, 4> is_armed{};
  std::array<bool, 4> has_fired{};
  std::int64_t now = 0;
  std::vector<std::size_t> place = {};  // of each thread: its next step
  std::vector<bool> is_started = {};
  std::string output = {};
  bool has_ended = false;
  bool has_panicked = false;

  friend auto operator<=>(const world&, const world&) = default;
};

struct alternative {
  std::function<bool(const world&)> guard;  // empty: true
  std::function<void(world&)> effect;       // empty: nothing
};
using step = std::vector<alternative>;
using thread = std::vector<step>;

// What was written, and `ok`, `leak`, `deadlock` or `panic`.
using outcome = std::pair<std::string, std::string>;

// The vocabulary of steps.

inline step act(std::function<void(world&)> effect) { return {{{}, std::move(effect)}}; }
inline step when(std::function<bool(const world&)> guard, std::function<void(world&)> effect = {}) {
  return {{std::move(guard), std::move(effect)}};
}
inline void write(world& w, const std::string& text) {
  if (!w.has_ended) w.output += text;
}
inline step print(std::string text) {
  return act([text = std::move(text)](world& w) { write(w, text); });
}
inline step start(std::size_t thread) {
  return act([thread](world& w) { w.is_started[thread] = true; });
}
inline step end() {
  return act([](world& w) { w.has_ended = true; });
}
inline step arm(std::size_t timer, std::int64_t milliseconds) {
  return act([=](world& w) {
    w.is_armed[timer] = true;
    w.deadline[timer] = w.now + milliseconds;
  });
}
inline step fired(std::size_t timer) {
  return when([timer](const world& w) { return bool{w.has_fired[timer]}; });
}

// Appends the steps of several parts.
inline thread operator+(thread first, const thread& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

class enumerator {
 public:
  enumerator(std::vector<thread> threads, bool free_timers)
      : threads_(std::move(threads)), free_timers_(free_timers) {}

  std::set<outcome> run() {
    world first;
    first.place.assign(threads_.size(), 0);
    first.is_started.assign(threads_.size(), false);
    first.is_started[0] = true;
    visit(first);
    return found_;
  }

 private:
  void visit(const world& w) {
    if (!seen_.insert(w).second) return;
    const bool has_moved = move_threads(w);
    const bool has_fired = fire_timers(w, has_moved);
    if (!has_moved && !has_fired) found_.emplace(w.output, judge(w));
  }

  bool move_threads(const world& w) {
    bool has_moved = false;
    for (std::size_t t = 0; t < threads_.size(); ++t) {
      if (!w.is_started[t] || w.place[t] == threads_[t].size()) continue;
      for (const alternative& a : threads_[t][w.place[t]]) {
        if (a.guard && !a.guard(w)) continue;
        has_moved = true;
        follow(w, t, a);
      }
    }
    return has_moved;
  }

  void follow(world w, std::size_t t, const alternative& a) {
    ++w.place[t];
    if (a.effect) a.effect(w);
    if (!w.has_panicked) return visit(w);
    if (!w.has_ended) {
      found_.emplace(w.output, "panic");
      return;
    }
    w.has_panicked = false;  // after main's end: the thread is gone, and nobody hears of it
    w.place[t] = threads_[t].size();
    visit(w);
  }

  bool fire_timers(const world& w, bool has_moved) {
    std::int64_t earliest = INT64_MAX;
    for (std::size_t k = 0; k < w.deadline.size(); ++k) {
      if (w.is_armed[k]) earliest = std::min(earliest, w.deadline[k]);
    }
    if (earliest == INT64_MAX) return false;
    if (!free_timers_ && has_moved && earliest > w.now) return false;
    for (std::size_t k = 0; k < w.deadline.size(); ++k) {
      if (!w.is_armed[k] || w.deadline[k] != earliest) continue;
      world next = w;
      next.is_armed[k] = false;
      next.has_fired[k] = true;
      next.now = std::max(w.now, earliest);
      visit(next);
    }
    return true;
  }

  std::string judge(const world& w) const {
    for (std::size_t t = 0; t < threads_.size(); ++t) {
      if (w.is_started[t] && w.place[t] < threads_[t].size()) {
        return w.has_ended ? "leak" : "deadlock";
      }
    }
    return "ok";
  }

  std::vector<thread> threads_;
  bool free_timers_;
  std::set<world> seen_;
  std::set<outcome> found_;
};

// Every outcome of the threads, the first of which is main.
inline std::set<outcome> enumerate(std::vector<thread> threads, bool free_timers = false) {
  return enumerator(std::move(threads), free_timers).run();
}

}  // namespace braid::testing::enumeration
