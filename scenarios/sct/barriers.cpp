// Parallel computations in phases that are separated by barriers. Main does its share and then
// asserts that all have finished, without waiting for them.
//
// What is computed does not matter here: the three programs differ in whose results the second
// phase reads.
#include <cstddef>
#include <memory>
#include <vector>

#include "common.hpp"
#include "condition.hpp"

namespace {

class barrier {
 public:
  explicit barrier(int count) : count_(count) {}

  void wait() {
    guard_.lock();
    const int mine = generation_.read();
    ++arrived_;
    if (arrived_.read() == count_) {
      arrived_.write(0);
      generation_.write(mine + 1);
      all_arrived_.broadcast();
    } else {
      while (generation_.read() == mine) all_arrived_.wait(guard_);
    }
    guard_.unlock();
  }

 private:
  const int count_;
  braid::mutex guard_;
  braid::var<int> arrived_ = 0;
  braid::var<int> generation_ = 0;
  sct::condition all_arrived_;
};

// Whose results the second phase reads.
enum class pattern { neighbour, first, everybody };

class computation {
 public:
  computation(int processors, pattern reads)
      : reads_(reads),
        results_(static_cast<std::size_t>(processors)),
        phase_ends_(processors),
        finished_(0) {}

  void work(std::size_t id) {
    results_[id].write(1);
    phase_ends_.wait();
    const int gathered = gather(id);
    phase_ends_.wait();
    results_[id].write(gathered);
    phase_ends_.wait();
    guard_.lock();
    ++finished_;
    guard_.unlock();
  }
  bool is_finished() const { return finished_.read() == static_cast<int>(results_.size()); }

 private:
  int gather(std::size_t id) const {
    switch (reads_) {
      case pattern::neighbour:
        return results_[(id + 1) % results_.size()].read();
      case pattern::first:
        return results_[0].read();
      case pattern::everybody:
        break;
    }
    int sum = 0;
    for (const braid::var<int>& result : results_) sum += result.read();
    return sum;
  }

  const pattern reads_;
  std::vector<braid::var<int>> results_;
  barrier phase_ends_;
  braid::mutex guard_;
  braid::var<int> finished_;  // guarded, but for main's assertion in the program as written
};

void splash2(int processors, pattern reads, bool is_fixed) {
  const auto shared = std::make_shared<computation>(processors, reads);  // workers may outlive main
  sct::threads workers(processors - 1);
  for (int id = 1; id < processors; ++id) {
    workers.start([shared, id] { shared->work(static_cast<std::size_t>(id)); });
  }
  shared->work(0);
  if (is_fixed) workers.join();
  sct::require(shared->is_finished(), "main ends before a worker has finished");
}

}  // namespace

// Main passes the last barrier and looks before the worker has counted itself. Fixed by joining.
// Smallest known bounds of all three, by analysis: 1 preemption, 1 delay.
BRAID_SCENARIO("sct/fft", "2 processors exchange results, main does not join",
               sct::ends({"ok", "panic"})) {
  splash2(2, pattern::neighbour, false);
}
BRAID_SCENARIO("sct/fft-fixed", "2 processors exchange results, main joins", sct::ends({"ok"})) {
  splash2(2, pattern::neighbour, true);
}
BRAID_SCENARIO("sct/lu", "2 processors read the first one's result, main does not join",
               sct::ends({"ok", "panic"})) {
  splash2(2, pattern::first, false);
}
BRAID_SCENARIO("sct/lu-fixed", "2 processors read the first one's result, main joins",
               sct::ends({"ok"})) {
  splash2(2, pattern::first, true);
}
BRAID_SCENARIO("sct/barnes", "3 processors read all results, main does not join",
               sct::ends({"ok", "panic"})) {
  splash2(3, pattern::everybody, false);
}
BRAID_SCENARIO("sct/barnes-fixed", "3 processors read all results, main joins", sct::ends({"ok"})) {
  splash2(3, pattern::everybody, true);
}
