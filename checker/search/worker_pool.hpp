// Worker processes: each does one job after another until no more come.
//
// How far a worker is lies in memory that it shares with the parent: so the parent counts its
// executions while a job lasts, and knows in which of them it crashed.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <vector>

#include "process/process.hpp"
#include "process/run_apart.hpp"
#include "process/stopwatch.hpp"
#include "search/do_job.hpp"
#include "search/workers.hpp"

namespace braid {

class worker_pool final : public workers {
 public:
  worker_pool(const program& explored, const search_plan& plan);
  ~worker_pool() override;

  bool do_round(rounds& search, const stop_test& stop) override;
  std::uint64_t killed() const override { return killed_; }

 private:
  // Of the job that a worker does, written by it.
  struct counters {
    std::atomic<std::uint64_t> runs;
    std::atomic<std::uint64_t> steps;
  };

  struct worker {
    pid_t process = 0;                   // 0: not started, or ended
    std::unique_ptr<message_line> line;  // while it lives
    std::unique_ptr<execution> record;   // from its first start on
    std::size_t job = none;              // of the round
    counters* count = nullptr;
    hang_watch watch{std::chrono::nanoseconds(0)};
  };
  static constexpr std::size_t none = ~std::size_t{0};

  // What the parent knows of a job of the round.
  struct job_care {
    bool is_given = false;      // to a worker that lives
    place_set apart = {};       // executions that get a process each, because one of them crashed
    std::uint64_t salvage = 0;  // only so many are done, for the next one did not end
  };

  void work(worker& self);

  void begin_round(rounds& search);
  void hand_out(const rounds& search);
  void start(worker& w);
  void give(worker& w, std::size_t job);
  bool listen();
  void accept(worker& w, const nlohmann::json& result);
  void bury(worker& w);
  void do_apart(worker& w, std::optional<std::uint32_t> hangs_at = {});
  child_end kill_worker(worker& w);
  void kill_busy();
  void end_hung();
  void salvage();
  bool is_any_busy() const;
  search_figures figures(const rounds& search) const;

  const program& program_;
  const search_plan plan_;
  shared_array<unsigned char> shared_;  // the flag, then the counters
  std::atomic<bool>& stop_requested_;
  std::deque<worker> workers_;
  int deaths_ = 0;  // of workers outside of the program, in a row
  std::uint64_t killed_ = 0;

  // Of the round:
  std::span<round_job> jobs_;
  std::vector<job_care> cares_;
};

}  // namespace braid
