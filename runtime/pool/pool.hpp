// The production scheduler: goroutines on a pool of threads that share them by work stealing.
//
// Life: constructed -> start(main) -> wait() returns when main has, with every goroutine off its
// worker -> unwind_left_overs() -> destroyed, with nothing left. If wait() returns false a
// goroutine computes without any braid operation, which nobody can stop; the pool must then be
// leaked.
//
// The end of a program, in steps:
//   1. main returns; end() sets `stopping` and detail::watch, and wakes all workers.
//   2. Every operation announces itself, and before() leaves its goroutine standing for good. So do
//      park, yield and finish: nobody but a worker's own context is entered any more, and it ends.
//   3. run() joins the workers. Nothing runs but its thread.
//   4. It drops the timers and then unwinds the left-over goroutines, children before their
//      parents, whose stacks they may refer to. All operations are inert meanwhile.
//
// Thread safety: the functions of `scheduler` belong to goroutines, all others to run()'s thread.
#pragma once

#include <braid/run.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "pool/worker.hpp"

namespace braid {

class pool final : public scheduler {
 public:
  pool(unsigned workers, const run_options& options);
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  void start(std::function<void()> main);
  [[nodiscard]] bool wait();
  void unwind_left_overs();
  std::vector<std::uint64_t> first_runs() const;

  bool before(const op& next) override;
  void after(const event& done) override;
  void park(const op& waiting, off_stack release) override;
  void ready(goroutine& woken) override;
  void spawn(goroutine& child) override;
  [[noreturn]] void finish() override;
  void end(ending how, int code, std::string_view text, where at) override;
  std::uint32_t choose(std::uint32_t n) override;
  std::uint64_t random() override;
  time_point now() override;
  std::size_t goroutines_count() override;
  void describe_all(std::vector<goroutine_state>& to) override;
  void arm(alarm& armed) override;
  bool disarm(alarm& armed) override;
  void lock_thread() override;
  void unlock_thread() override;

 private:
  bool start_thread(worker& one);
  void run_worker(worker& one);
  worker* free_dedicated();
  void stop();
  worker& worker_here();
  bool stay_inert(const op& next);

  const std::chrono::nanoseconds stall_after_;
  pool_state state_;
  random_source random_;           // for run()'s thread
  goroutine* unwinder_ = nullptr;  // run()'s thread while it unwinds
  int releases_ = 0;               // inert ones of the goroutine that is being unwound
  std::mutex lock_;
  // Protected by lock_:
  std::vector<std::thread> threads_;
  unsigned running_ = 0;                            // of them
  std::vector<std::unique_ptr<worker>> dedicated_;  // beside those of state_
  std::condition_variable worker_ended_;
};

}  // namespace braid
