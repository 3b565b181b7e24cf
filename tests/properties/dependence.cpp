// The dependence relation alone: what it calls independent commutes.
//
// Oracle: execution. Of two adjacent events that the relation does not order, the later one is done
// first, and everybody else goes on as before: that is possible, and comes to the same.
#include <rapidcheck.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lockstep/lockstep.hpp"
#include "mix.hpp"
#include "properties/small_program.hpp"
#include "support/exploring.hpp"
#include "trace/happens_before.hpp"

namespace braid::testing {
namespace {

// An execution told by processes: the event in which a choice is made may be another one when
// events are swapped, but its chooser is not.
struct course {
  std::vector<process_id> acting;                            // in each event, from 1
  std::map<process_id, std::vector<std::uint32_t>> choices;  // of each process, in its order
};

course course_of(const trace_log& log) {
  course all;
  for (const traced_event& e : log.events.all()) {
    all.acting.push_back(log.process_of(e));
    for (const trace_choice& c : log.choices_of(e)) {
      all.choices[log.processes.begin()[c.by]].push_back(c.taken);
    }
  }
  all.acting.erase(all.acting.begin());  // what happens before the first decision
  return all;
}

// Follows a course; beyond its end it goes on at random.
class follower final : public strategy {
 public:
  follower(course follow, std::uint64_t seed) : follow_(std::move(follow)), seed_(seed) {}

  bool begin(std::uint64_t) override { return true; }
  std::uint32_t pick(const situation& now) override {
    const std::size_t event = now.log().events.all().size();
    if (event > follow_.acting.size()) return draw(now.size());
    const std::uint32_t rank = now.rank_of_process(follow_.acting[event - 1]);
    return rank == situation::none ? situation::diverged : rank;
  }
  std::uint32_t choose(const choice_point& now) override {
    const process_id chooser = goroutine::current().path();
    const std::vector<std::uint32_t>& taken = follow_.choices[chooser];
    const std::size_t place = chosen_[chooser]++;
    return place < taken.size() ? std::min(taken[place], now.of - 1) : draw(now.of);
  }
  void end(const execution&) override {}
  std::uint64_t data_seed() const override { return 0; }
  bool wants_trace() const override { return true; }
  bool is_exhaustive() const override { return false; }

 private:
  std::uint32_t draw(std::uint32_t n) { return static_cast<std::uint32_t>(mix(seed_++) % n); }

  course follow_;
  std::uint64_t seed_;
  std::map<process_id, std::size_t> chosen_;  // by each process so far
};

// What one execution came to.
struct executed {
  course how = {};
  std::vector<bool> is_before_next = {};  // of each event, from 0
  std::uint64_t class_hash = 0;
  std::string outcome;
  bool has_diverged = false;
};

executed execute(const small_program& main, timer_mode timers, course follow, std::uint64_t seed) {
  static execution record;
  lockstep scheduler({.timers = timers});
  follower decides(std::move(follow), seed);
  happens_before order;
  record.clear(0);
  scheduler.execute(main, decides, record, nullptr);
  order.read(record.log());
  executed done{.how = course_of(record.log()),
                .class_hash = order.class_hash(record.log()),
                .outcome = outcome_of(record),
                .has_diverged = record.facts().has_diverged};
  for (std::uint32_t e = 0; e < done.how.acting.size(); ++e) {
    done.is_before_next.push_back(order.before(e, e + 1));
  }
  return done;
}

// Swaps each pair of the execution that `seed` draws.
void swap_independent(const small_program& main, timer_mode timers, std::uint64_t seed) {
  const executed first = execute(main, timers, {}, seed);
  for (std::size_t event = 1; event < first.how.acting.size(); ++event) {
    if (first.is_before_next[event]) continue;
    course swapped = first.how;
    std::swap(swapped.acting[event - 1], swapped.acting[event]);
    const executed second = execute(main, timers, std::move(swapped), seed);
    const bool changes_nothing = !second.has_diverged && second.outcome == first.outcome &&
                                 second.class_hash == first.class_hash;
    if (!changes_nothing) {
      RC_LOG() << "seed " << seed << ", events " << event << " and " << event + 1 << ": \""
               << first.outcome << "\", swapped \"" << second.outcome << "\"\n";
    }
    RC_ASSERT(changes_nothing);
  }
}

TEST_CASE("adjacent events that are independent can be swapped, and nothing changes",
          "[properties][dependence]") {
  CHECK(rc::check("independent events commute", [] {
    const small_program main(*any_numbers(), place_to_run::checker);
    const auto timers = *rc::gen::element(timer_mode::ordered, timer_mode::free);
    for (std::uint64_t seed = 1; seed <= 20; ++seed) swap_independent(main, timers, seed * 1000);
  }));
}

}  // namespace
}  // namespace braid::testing
