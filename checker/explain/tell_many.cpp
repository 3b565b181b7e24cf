// The histories of many executions; see tell_many.hpp.
//
// A worker process follows one token after another. What it writes down is memory that it shares
// with this process, which reads each history before it lets the worker go on. An execution that
// ends the worker is done again by itself, and another worker does those that are left.
#include "explain/tell_many.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>

#include "explain/replayer.hpp"
#include "lockstep/options.hpp"
#include "process/process.hpp"
#include "process/run_apart.hpp"
#include "process/sole_explorer.hpp"
#include "trace/run_token.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

// One that was seen to hang is not waited for as long as when nobody knew.
lockstep_options options_for(const wanted_history& w, const explore_options& options) {
  lockstep_options result = lockstep_of(options);
  constexpr std::chrono::nanoseconds known_to_hang = std::chrono::seconds(1);
  if (w.hangs_at) result.hang_after = std::min(result.hang_after, known_to_hang);
  return result;
}

class telling {
 public:
  using listener = std::function<void(const std::string& token, history happened)>;

  telling(const program& followed, const std::vector<wanted_history>& all,
          const explore_options& options, const listener& told)
      : program_(followed),
        all_(all),
        options_(options),
        told_(told),
        mine_(followed.name),
        here_(followed, lockstep_of(options), false) {
    here_.tell_choices();
  }

  void run() {
    while (next_ < all_.size() && !is_stopped()) {
      all_[next_].is_alone ? tell_alone() : tell_in_worker();
    }
  }

 private:
  bool is_stopped() const { return options_.interrupted && options_.interrupted(); }

  static void follow(replayer& by, const wanted_history& w) {
    if (const std::optional<run_token> by_run = parse_run_token(w.token)) {
      by.rerun({.name = by_run->strategy,
                .seed = by_run->seed,
                .preemptions_max = by_run->preemptions_max,
                .delays_max = by_run->delays_max},
               by_run->run, true);
    } else if (const std::optional<token> by_schedule = parse_token(w.token)) {
      by.follow(by_schedule->follow, true, w.hangs_at);
    }
  }

  void tell_alone() {
    const wanted_history& w = all_[next_];
    replayer alone(program_, options_for(w, options_), true);
    alone.tell_choices();
    follow(alone, w);
    tell(alone);
  }

  void tell(const replayer& by) {
    const std::string& token = all_[next_].token;
    ++next_;
    told_(token, by.what_happened());
  }

  void tell_in_worker() {
    const std::size_t first = next_;
    message_line line;
    const pid_t worker = fork_child([&] {
      line.close_parent();
      nlohmann::json go_on;
      for (std::size_t i = first; i < all_.size() && !all_[i].is_alone; ++i) {
        follow(here_, all_[i]);
        if (!line.to_parent(i) || !line.from_parent(go_on)) return;
      }
    });
    line.close_child();
    listen(line, worker);
    wait_for(worker);
    if (next_ < all_.size() && !is_stopped()) all_[next_].is_alone = true;
  }

  // Until the worker has told the last one, or is no more.
  void listen(message_line& line, pid_t worker) {
    message_line* const lines[] = {&line};
    hang_watch watch(options_.hang_after);
    for (;;) {
      const bool is_ready = message_line::wait_for_any(lines, message_line::poll_ms)[0];
      nlohmann::json done;
      if (is_ready && !line.from_child(done)) return;
      if (is_ready) tell(here_);
      if (is_stopped() || (!is_ready && watch.is_hung(here_.last()))) {
        kill(worker, SIGKILL);
      } else if (is_ready) {
        watch.restart();
        line.to_child(true);
      }
    }
  }

  const program& program_;
  std::vector<wanted_history> all_;
  const explore_options& options_;
  const listener& told_;
  const sole_explorer mine_;
  replayer here_;  // what a worker does; this process reads it
  std::size_t next_ = 0;
};

}  // namespace

void tell_many(const program& followed, const std::vector<wanted_history>& all,
               const explore_options& options,
               const std::function<void(const std::string& token, history happened)>& told) {
  telling(followed, all, options, told).run();
}

}  // namespace braid
