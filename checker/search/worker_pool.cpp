// Worker processes; see worker_pool.hpp.
#include "search/worker_pool.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace braid {
namespace {

constexpr double patience_seconds = 2;  // for workers that were asked to stop
constexpr std::uint64_t apart_width_first = 16;
constexpr int deaths_max = 3;
constexpr std::size_t shared_line = 64;  // bytes, so that workers do not slow each other down

template <class Number>
nlohmann::json limit_to_value(const std::optional<Number>& limit) {
  return limit ? nlohmann::json(*limit) : nlohmann::json();
}

template <class Number>
std::optional<Number> limit_from_value(const nlohmann::json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<Number>();
}

nlohmann::json to_value(const place_set& set) {
  nlohmann::json value = nlohmann::json::array();
  for (const place_range& r : set) value.push_back({r.from, r.until, limit_to_value(r.hangs_at)});
  return value;
}

place_set place_set_from_value(const nlohmann::json& value) {
  place_set set;
  for (const nlohmann::json& r : value) {
    set.push_back({r.at(0), r.at(1), limit_from_value<std::uint32_t>(r.at(2))});
  }
  return set;
}

// From one on that crashes, or hangs. Where programs crash often, ranges double: else there would
// be a worker for each crash.
void add_stop(place_set& apart, std::uint64_t place, std::optional<std::uint32_t> hangs_at) {
  std::uint64_t width = apart_width_first;
  if (!apart.empty()) {
    const place_range last = apart.back();
    const bool is_near = place - last.until < last.until - last.from;
    if (is_near) width = 2 * (last.until - last.from);
  }
  apart.push_back({place, place + width, hangs_at});
}

[[noreturn]] void give_up(const child_end& end) {
  const char* name = end.signal == 0 ? nullptr : strsignal(end.signal);
  throw std::runtime_error("worker processes die between two executions (" +
                           (name != nullptr ? "signal " + std::to_string(end.signal) + ", " + name
                                            : "exit code " + std::to_string(end.exit_code)) +
                           "); is there enough memory?");
}

}  // namespace

worker_pool::worker_pool(const program& explored, const search_plan& plan)
    : program_(explored),
      plan_(plan),
      shared_(shared_line * (1 + worker_count(plan.workers))),
      stop_requested_(*new (shared_.begin()) std::atomic<bool>(false)),
      workers_(worker_count(plan.workers)) {
  unsigned char* line = shared_.begin();
  for (worker& w : workers_) {
    w.count = new (line += shared_line) counters{};
    w.watch = hang_watch(plan.options.hang_after);
  }
}

worker_pool::~worker_pool() {
  kill_busy();
  for (worker& w : workers_) {
    if (w.process == 0) continue;
    w.line.reset();  // which it takes for the end
    wait_for(w.process);
  }
}

// The worker's side: a job comes in, what came of it goes out.
void worker_pool::work(worker& self) {
  for (worker& w : workers_) {
    if (w.line != nullptr) w.line->close_parent();
  }
  session s(program_, plan_.strategy, plan_.options, *self.record);
  for (nlohmann::json job; self.line->from_parent(job);) {
    s.load(job.at("job"), {.runs_max = limit_from_value<std::uint64_t>(job.at("runs")),
                           .steps_max = limit_from_value<std::uint64_t>(job.at("steps")),
                           .fail_fast = job.at("fail_fast")});
    const place_set apart = place_set_from_value(job.at("apart"));
    const bool can_stop = job.at("can_stop");
    const search_state state = do_job(s, apart, [&](std::uint64_t runs, std::uint64_t steps) {
      // The parent reads them when nothing else is new, or when this process is dead, and the flag
      // is seen soon enough: no order is needed.
      self.count->runs.store(runs, std::memory_order_relaxed);
      self.count->steps.store(steps, std::memory_order_relaxed);
      return can_stop && stop_requested_.load(std::memory_order_relaxed);
    });
    const bool is_heard = self.line->to_parent(
        {{"state", static_cast<int>(state)}, {"found", to_message(s.found())}, {"rest", s.rest()}});
    if (!is_heard) return;
  }
}

bool worker_pool::do_round(rounds& search, const stop_test& stop) {
  begin_round(search);
  bool is_stopped = false;
  stopwatch since_look;
  stopwatch since_stop;
  while (!search.is_decided()) {
    if (!is_stopped) hand_out(search);
    if (!is_any_busy()) break;
    const bool is_news = listen();
    if (!is_stopped) end_hung();
    if (is_stopped && since_stop.seconds() > patience_seconds) {
      salvage();
      since_stop = {};
    }
    if (is_stopped || (!is_news && since_look.seconds() < seconds_between_looks)) continue;
    since_look = {};
    if (!stop(figures(search))) continue;
    is_stopped = stop_requested_ = true;
    since_stop = {};
  }
  if (is_any_busy()) kill_busy();  // with jobs after one that has failed
  stop_requested_ = false;
  return !is_stopped;
}

void worker_pool::begin_round(rounds& search) {
  jobs_ = search.jobs();
  cares_.assign(jobs_.size(), {});
  if (!plan_.isolate) return;
  for (job_care& care : cares_) care.apart.push_back(all_places);
}

bool worker_pool::is_any_busy() const {
  return std::any_of(workers_.begin(), workers_.end(),
                     [](const worker& w) { return w.job != none; });
}

// The first jobs that wait go to the first workers that are idle.
void worker_pool::hand_out(const rounds& search) {
  std::size_t job = 0;
  for (worker& w : workers_) {
    if (w.job != none) continue;
    const auto is_waiting = [&] { return !cares_[job].is_given && search.is_open(jobs_[job]); };
    while (job < jobs_.size() && !is_waiting()) {
      if (!cares_[job].is_given && jobs_[job].state == search_state::failed) return;
      ++job;
    }
    if (job == jobs_.size()) return;
    give(w, job);
  }
}

void worker_pool::start(worker& w) {
  if (w.record == nullptr) w.record = std::make_unique<execution>();
  w.line = std::make_unique<message_line>();
  w.process = fork_child([&] { work(w); });
  w.line->close_child();
}

void worker_pool::give(worker& w, std::size_t job) {
  if (w.process == 0) start(w);
  w.job = job;
  cares_[job].is_given = true;
  w.count->runs = w.count->steps = 0;
  w.record->facts().is_over = true;  // false when it dies: within an execution
  w.watch.restart();
  budget left = jobs_[job].left;
  const std::uint64_t salvage = cares_[job].salvage;
  if (salvage > 0) left.runs_max = salvage;
  // If nobody hears this, the line is closed, which listen() sees.
  w.line->to_child({{"job", jobs_[job].job},
                    {"runs", limit_to_value(left.runs_max)},
                    {"steps", limit_to_value(left.steps_max)},
                    {"fail_fast", left.fail_fast},
                    {"apart", to_value(cares_[job].apart)},
                    {"can_stop", salvage == 0}});
}

// Waits a little for results. True if there was one, or a death.
bool worker_pool::listen() {
  std::vector<message_line*> lines;
  for (const worker& w : workers_) lines.push_back(w.job == none ? nullptr : w.line.get());
  const std::vector<bool> ready = message_line::wait_for_any(lines, message_line::poll_ms);
  bool is_news = false;
  for (std::size_t i = 0; i < ready.size(); ++i) {
    if (!ready[i]) continue;
    is_news = true;
    nlohmann::json result;
    lines[i]->from_child(result) ? accept(workers_[i], result) : bury(workers_[i]);
  }
  return is_news;
}

void worker_pool::accept(worker& w, const nlohmann::json& result) {
  auto state = static_cast<search_state>(result.at("state"));
  if (cares_[w.job].salvage > 0 && state == search_state::spent) state = search_state::more;
  jobs_[w.job].add(state, tally_from_message(result.at("found")), result.at("rest"));
  cares_[w.job].is_given = false;
  w.job = none;
  deaths_ = 0;
}

// Its job is done again.
void worker_pool::bury(worker& w) {
  const bool was_within = !w.record->facts().is_over && !has(cares_[w.job].apart, w.count->runs);
  if (was_within) return do_apart(w);
  const child_end end = kill_worker(w);  // if it lives, its line is broken
  if (++deaths_ == deaths_max) give_up(end);
}

// The job is done again, and with care from the execution on that ended the worker.
void worker_pool::do_apart(worker& w, std::optional<std::uint32_t> hangs_at) {
  job_care& care = cares_[w.job];
  kill_worker(w);
  add_stop(care.apart, w.count->runs, hangs_at);
}

void worker_pool::end_hung() {
  for (worker& w : workers_) {
    if (w.job == none || has(cares_[w.job].apart, w.count->runs)) continue;
    if (w.watch.is_hung(*w.record)) do_apart(w, w.record->facts().steps);
  }
}

// The executions before the one that does not end are done again, so that they count.
void worker_pool::salvage() {
  for (worker& w : workers_) {
    if (w.job == none) continue;
    const std::size_t job = w.job;
    const std::uint64_t done = w.count->runs;
    killed_ += !w.record->facts().is_over;
    kill_worker(w);
    if (done == 0 || cares_[job].salvage > 0) continue;
    cares_[job].salvage = done;
    give(w, job);
  }
}

void worker_pool::kill_busy() {
  for (worker& w : workers_) {
    if (w.job != none) kill_worker(w);
  }
}

child_end worker_pool::kill_worker(worker& w) {
  kill(w.process, SIGKILL);
  const child_end end = wait_for(std::exchange(w.process, 0));
  w.line.reset();
  cares_[std::exchange(w.job, none)].is_given = false;
  return end;
}

search_figures worker_pool::figures(const rounds& search) const {
  search_figures now = search.figures();
  for (const worker& w : workers_) {
    if (w.job == none) continue;
    now.executions += w.count->runs;
    now.steps += w.count->steps;
  }
  return now;
}

}  // namespace braid
