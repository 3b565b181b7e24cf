// A search in a worker process; see worker.hpp.
#include "search/worker.hpp"

#include <sys/wait.h>
#include <atomic>
#include <csignal>
#include <nlohmann/json.hpp>

#include "search/process.hpp"
#include "search/stopwatch.hpp"

namespace braid {
namespace {

constexpr double seconds_between_messages = 0.1;
constexpr std::uint64_t runs_between_looks = 256;  // at the clock
constexpr int poll_ms = 50;
constexpr double patience_seconds = 2;  // for a worker that was asked to stop
constexpr std::uint64_t careful_runs_first = 64;

// Where a search stands: enough to go on in another process.
struct standing {
  std::uint64_t next_run = 0;
  nlohmann::json frontier;  // null: at the start
};

struct run_range {
  std::uint64_t from = 0;
  std::uint64_t until = 0;
  bool has(std::uint64_t run) const { return run >= from && run < until; }
};

// Runs the part of the session that may crash in a process of its own.
void execute_isolated(session& s, execution& record) {
  const child_end end = wait_for(fork_child([&] { s.execute(); }));
  if (!record.facts().is_over) record.crashed(end.signal);
}

// The worker's side.
class worker {
 public:
  worker(session& s, execution& record, message_pipe& out, const std::atomic<bool>& stop)
      : session_(s), record_(record), out_(out), stop_(stop) {}

  // Executions whose number is in `careful` get a process each.
  void run(run_range careful) {
    search_state state = search_state::more;
    for (std::uint64_t n = 1; !stop_.load(std::memory_order_relaxed); ++n) {  // seen soon enough
      state = session_.begin();
      if (state != search_state::more) break;
      if (careful.has(session_.next_run())) {
        execute_isolated(session_, record_);
      } else {
        session_.execute();
      }
      session_.account();
      if (n % runs_between_looks == 0 && since_message_.seconds() > seconds_between_messages) {
        send(search_state::more);
      }
    }
    send(state);
  }

 private:
  void send(search_state state) {
    out_.write({{"state", static_cast<int>(state)},
                {"tally", to_message(session_.take())},
                {"next_run", session_.next_run()},
                {"frontier", session_.searching().save()}});
    since_message_ = {};
  }

  session& session_;
  execution& record_;
  message_pipe& out_;
  const std::atomic<bool>& stop_;
  stopwatch since_message_;
};

// The parent's side.
class supervisor {
 public:
  supervisor(const program& explored, const search_plan& plan, const stop_test& stop)
      : program_(explored), plan_(plan), stop_(stop), flag_(1) {
    flag_.push(0);
  }

  search_result run() {
    while (!ended_) {
      message_pipe messages;
      const pid_t child = fork_child([&] { work(messages); });
      messages.close_writer();
      listen(messages, child);
      wait_for(child);
      if (!ended_ && !was_stopped_) be_careful();
      if (was_stopped_) break;
    }
    return std::move(result_);
  }

 private:
  std::atomic<bool>& stop_requested() {
    return *reinterpret_cast<std::atomic<bool>*>(flag_.begin());
  }

  void work(message_pipe& messages) {
    messages.close_reader();
    session s(program_, plan_.strategy, plan_.options, plan_.limits, record_, standing_.next_run);
    s.spent(result_.found.executions, result_.found.steps);
    if (!standing_.frontier.is_null()) s.searching().load(standing_.frontier);
    const run_range careful = plan_.isolate ? run_range{0, ~0ULL} : careful_;
    worker(s, record_, messages, stop_requested()).run(careful);
  }

  // Until the worker has closed its end.
  void listen(message_pipe& messages, pid_t child) {
    stopwatch since_stop;
    for (;;) {
      nlohmann::json message;
      const message_pipe::arrival what = messages.read(message, poll_ms);
      if (what == message_pipe::arrival::closed) return;
      if (what == message_pipe::arrival::message) accept(message);
      if (!ended_ && !was_stopped_ && stop_(result_.found)) {
        was_stopped_ = true;
        since_stop = {};
        stop_requested() = true;
      }
      if (was_stopped_ && since_stop.seconds() > patience_seconds) kill(child, SIGKILL);
    }
  }

  void accept(const nlohmann::json& message) {
    result_.found.merge(tally_from_message(message.at("tally")));
    result_.state = static_cast<search_state>(message.at("state").get<int>());
    ended_ = result_.state != search_state::more;
    standing_ = {.next_run = message.at("next_run"), .frontier = message.at("frontier")};
  }

  // The worker ended in the execution that the record tells of. Those before it did not crash.
  void be_careful() {
    careful_ = {record_.facts().run, record_.facts().run + careful_runs_};
    careful_runs_ *= 2;
  }

  const program& program_;
  const search_plan& plan_;
  const stop_test& stop_;
  execution record_;
  shared_array<unsigned char> flag_;
  standing standing_;
  search_result result_;
  bool ended_ = false;
  bool was_stopped_ = false;
  run_range careful_;
  std::uint64_t careful_runs_ = careful_runs_first;
};

search_result run_here(const program& explored, const search_plan& plan, const stop_test& stop) {
  execution record;
  session s(explored, plan.strategy, plan.options, plan.limits, record);
  search_result result;
  stopwatch since_look;
  for (std::uint64_t n = 1;; ++n) {
    result.state = s.begin();
    if (result.state != search_state::more) break;
    plan.isolate ? execute_isolated(s, record) : s.execute();
    s.account();
    if (n % runs_between_looks == 0 && since_look.seconds() > seconds_between_messages) {
      result.found.merge(s.take());
      if (stop(result.found)) break;
      since_look = {};
    }
  }
  result.found.merge(s.take());
  return result;
}

}  // namespace

search_result run_search(const program& explored, const search_plan& plan, const stop_test& stop) {
  return plan.supervise ? supervisor(explored, plan, stop).run() : run_here(explored, plan, stop);
}

}  // namespace braid
