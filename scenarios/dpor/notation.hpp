// What the programs of this folder share: cells, goroutines that are joined, and results.
//
// They are benchmarks of partial order reduction, each with a known number of classes of equivalent
// executions, which tests/checker/dpor_counts_test.cpp checks. So that nothing but the program
// itself adds to that number, they are joined through a wait group, where adds commute and dones
// do, and results are plain memory, which main prints when all have ended. Main joins even where
// the original does not: a braid program ends with its main.
#pragma once

#include <braid/braid.hpp>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace dpor {

using cell = braid::atomic<long>;

// Cells or mutexes in a row, made in order.
template <class T>
class row {
 public:
  explicit row(int length, braid::where at = {}) {
    for (int i = 0; i < length; ++i) items_.emplace_back(at);
  }
  T& operator[](long i) { return items_[static_cast<std::size_t>(i)]; }

 private:
  std::deque<T> items_;
};

// Goroutines that main joins all at once.
class team {
 public:
  explicit team(braid::where at = {}) : running_(at) {}

  // Starts body().
  template <class F>
  void spawn(F body, braid::where at = {}) {
    running_.add(1, at);
    braid::go(
        [this, body = std::move(body), at] {
          body();
          running_.done(at);
        },
        at);
  }
  // Starts body(self).
  template <class F>
  void spawn(F body, long self, braid::where at = {}) {
    spawn([body = std::move(body), self] { body(self); }, at);
  }

  void join_all(braid::where at = {}) { running_.wait(at); }

 private:
  braid::wait_group running_;
};

// Stores `to` if the cell holds `from`.
inline bool cas(cell& x, long from, long to, braid::where at = {}) {
  return x.compare_exchange_strong(from, to, std::memory_order_seq_cst, at);
}

inline void await_value(const cell& x, long value, braid::where at = {}) {
  x.await([value](long found) { return found == value; }, at);
}

// One line, as 2,3,
inline void print_results(const std::vector<long>& results, braid::where at = {}) {
  std::string line;
  for (const long result : results) line += std::to_string(result) + ',';
  braid::println(line, at);
}

}  // namespace dpor
