// run(); see <braid/run.hpp>.
#include <atomic>
#include <braid/goroutine.hpp>
#include <braid/panic.hpp>
#include <braid/run.hpp>
#include <braid/scheduler.hpp>
#include <memory>

#include "core/stack.hpp"
#include "pool/pool.hpp"
#include "pool/processors.hpp"
#include "pool/stack_overflow.hpp"

namespace braid {

int max_threads(int n) {
  static std::atomic<int> threads = static_cast<int>(processors_count());
  return n < 1 ? threads.load() : threads.exchange(n);
}

namespace {

// At the end of a scope, when the goroutines within it are gone.
struct stacks_trimmed {
  stacks_trimmed() = default;
  stacks_trimmed(const stacks_trimmed&) = delete;
  stacks_trimmed& operator=(const stacks_trimmed&) = delete;
  ~stacks_trimmed() { stack::trim(); }
};

}  // namespace

int run(std::function<void()> main, const run_options& options, where at) {
  if (!goroutine::current().is_thread()) fatal(detail::one_runs_already, at);
  const stacks_trimmed at_the_end;
  const unsigned workers =
      options.workers != 0 ? options.workers : static_cast<unsigned>(max_threads(0));
  auto program = std::make_unique<pool>(workers, options);
  const scheduler_scope scope(*program, false);
  const overflow_handler told_apart;
  program->start(std::move(main));
  const bool all_stopped = program->wait();
  if (options.goroutines_by_worker != nullptr) {
    *options.goroutines_by_worker = program->first_runs();
  }
  if (all_stopped) program->unwind_left_overs();
  // Else a goroutine still computes on its worker, and may refer to all that the others own:
  // nothing of this program is unwound or freed. Its next operation leaves it for good; it may
  // enter the scheduler of a later program for that, so none is destroyed any more.
  static auto& kept = *new std::vector<std::unique_ptr<pool>>;
  if (!all_stopped || !kept.empty()) kept.push_back(std::move(program));
  return 0;
}

}  // namespace braid
