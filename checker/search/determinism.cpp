// Whether a program is deterministic under braid; see determinism.hpp.
#include "search/determinism.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "explain/replayer.hpp"
#include "explain/reported.hpp"
#include "search/report.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

constexpr std::uint64_t schedules_usual = 100;
constexpr int times_after_others = 2;

// What an execution came to, and its schedule.
struct seen_execution {
  schedule followed;
  execution::summary facts;
  std::string output;
  std::string errors;
};

seen_execution seen(const execution& done, schedule followed) {
  return {.followed = std::move(followed),
          .facts = done.facts(),
          .output = std::string(done.output()),
          .errors = std::string(done.errors())};
}

// What of the second is not as in the first; empty if nothing.
std::string difference(const seen_execution& a, const execution& b) {
  if (a.facts.trace_hash != b.facts().trace_hash || a.facts.steps != b.facts().steps) {
    return "the trace";
  }
  if (a.output != b.output() || a.errors != b.errors()) return "the output";
  if (a.facts.verdict_bits != b.facts().verdict_bits || a.facts.exit_code != b.facts().exit_code) {
    return "the verdict";
  }
  return a.facts.races != b.facts().races ? "the data races" : "";
}

bool is_same_event(const happening& a, const happening& b) {
  return a.step == b.step && a.goroutine == b.goroutine && a.text == b.text && a.at == b.at &&
         a.value == b.value && a.wakes == b.wakes && a.creates == b.creates && a.waits == b.waits;
}

// Takes a block of each small size before each execution, of those that the last one has freed,
// too: what the next one allocates then lies elsewhere.
class moved_heap {
 public:
  void move() {
    for (std::size_t bytes = 16; bytes <= 1024; bytes += 16) blocks_.emplace_back(bytes);
  }

 private:
  std::vector<std::vector<char>> blocks_;
};

class determinism_check {
 public:
  determinism_check(const program& checked, const explore_options& options)
      : program_(checked),
        options_(options),
        runs_(checked, lockstep_of(options), true),
        found_(1) {}

  determinism run() {
    for_each_alone();
    return with_the_rest();
  }

  determinism run(const schedule& one) {
    ++result_.executions;
    all_.push_back(seen(runs_.follow(one, false), one));
    return with_the_rest();
  }

 private:
  // In shared memory: which one differed, and in which of its executions.
  struct found {
    std::size_t schedule;
    int time;
  };

  determinism with_the_rest() {
    if (!is_interrupted()) all_in_one();
    result_.was_interrupted = is_interrupted();
    result_.schedules = all_.size();
    return result_;
  }

  bool is_interrupted() const { return options_.interrupted && options_.interrupted(); }

  void for_each_alone() {
    std::set<std::string> known;
    const std::uint64_t count = options_.runs_max.value_or(schedules_usual);
    for (std::uint64_t k = 0; k < count && !is_interrupted(); ++k) {
      // The first is the default schedule.
      const execution& done =
          k == 0 ? runs_.follow({}, false)
                 : runs_.rerun({.name = "random", .seed = options_.seed}, k - 1, false);
      ++result_.executions;
      const schedule followed = schedule_of(done);
      if (known.insert(text_of(followed)).second) all_.push_back(seen(done, followed));
    }
  }

  // One that ends its process is executed once more alone; the rest in one process.
  void all_in_one() {
    std::vector<std::size_t> peaceful;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (all_[i].facts.is_over) {
        peaceful.push_back(i);
        continue;
      }
      ++result_.executions;
      const std::string what = difference(all_[i], runs_.follow(all_[i].followed, false));
      if (!what.empty()) return explain({i, 0}, {}, what);
    }
    result_.executions += peaceful.size() * times_after_others;
    found_.push({peaceful.empty() ? 0 : peaceful[0], 0});
    runs_.together([&] { execute_all(peaceful); });
    if (peaceful.empty()) return;
    const found where = found_.all()[0];
    const std::string what = difference(all_[where.schedule], runs_.last());
    if (!what.empty()) explain(where, peaceful, what);
  }

  // Ends with the first that differs; found_ says which one was executed last.
  void execute_all(const std::vector<std::size_t>& peaceful) {
    moved_heap heap;
    for (const std::size_t i : peaceful) {
      for (int time = 0; time < times_after_others; ++time) {
        *found_.begin() = {i, time};
        heap.move();
        if (!difference(all_[i], runs_.follow_here(all_[i].followed, false)).empty()) return;
      }
    }
  }

  // Executes both ways again, with history.
  void explain(found where, const std::vector<std::size_t>& peaceful, const std::string& what) {
    const schedule& followed = all_[where.schedule].followed;
    parting p{
        .token = with_check(text_of(followed), program_, all_[where.schedule].facts.trace_hash),
        .what = what};
    runs_.follow(followed, true);
    const history alone = runs_.what_happened();
    runs_.together([&] {
      moved_heap heap;
      for (const std::size_t i : peaceful) {
        for (int time = 0; time < times_after_others; ++time) {
          heap.move();
          const bool is_it = i == where.schedule && time == where.time;
          runs_.follow_here(all_[i].followed, is_it);
          if (is_it) return;
        }
      }
      runs_.follow_here(followed, true);
    });
    compare(alone.rows, runs_.what_happened().rows, p);
    result_.differs = p;
  }

  static void compare(const std::vector<happening>& a, const std::vector<happening>& b,
                      parting& p) {
    const std::size_t common = std::min(a.size(), b.size());
    std::size_t i = 0;
    while (i < common && is_same_event(a[i], b[i])) ++i;
    if (i == a.size() && i == b.size()) return;
    if (i < a.size()) p.alone = a[i];
    if (i < b.size()) p.after_others = b[i];
    p.step = std::max(p.alone.step, p.after_others.step);
    // A wait has no number: it comes after the last event that has.
    for (std::size_t before = i; p.step == 0 && before-- > 0;) p.step = a[before].step;
  }

  const program& program_;
  const explore_options& options_;
  replayer runs_;
  shared_array<found> found_;
  std::vector<seen_execution> all_;
  determinism result_;
};

}  // namespace

determinism check_determinism(const program& checked, const explore_options& options) {
  return determinism_check(checked, options).run();
}

determinism check_determinism(const program& checked, const explore_options& options,
                              const schedule& of) {
  return determinism_check(checked, options).run(of);
}

}  // namespace braid
