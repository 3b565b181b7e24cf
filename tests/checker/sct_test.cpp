// The programs of scenarios/sct/ have the bugs that the catalogue ascribes to them, and their fixed
// twins have none.
//
// Oracle: the catalogue. It says how each program fails; small programs are exhausted, so that
// their outcomes are all known, others are sampled, and for bugs that chance hardly finds there are
// hand-made schedules. Most of these programs have data races, which the catalogue does not count.
#include <algorithm>
#include <braid/explore.hpp>
#include <braid/scenario.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/exploring.hpp"

namespace {

using braid::testing::is_subset;
using braid::testing::outcomes;
using braid::testing::outcomes_of;

outcomes registered(std::string_view name) {
  const auto& list = braid::find_scenario(name).expected(false);
  return {list.begin(), list.end()};
}

// Small enough for every schedule to be tried.
const std::vector<std::string> small = {
    "sct/bluetooth_driver", "sct/bluetooth_driver-fixed",
    "sct/circular_buffer",  "sct/ctrace-test-fixed",
    "sct/deadlock01",       "sct/deadlock01-fixed",
    "sct/din_phil2",        "sct/din_phil2-fixed",
    "sct/din_phil3-fixed",  "sct/din_phil7",
    "sct/phase01",          "sct/phase01-fixed",
    "sct/reorder_3",        "sct/reorder_3-fixed",
    "sct/reorder_4-fixed",  "sct/sync01",
    "sct/sync01-fixed",     "sct/sync02",
    "sct/sync02-fixed",     "sct/twostage",
    "sct/twostage-fixed",   "sct/wronglock_3-fixed",
};

bool is_small(const std::string& name) {
  return std::find(small.begin(), small.end(), name) != small.end();
}

TEST_CASE("small programs of the catalogue have exactly the outcomes that they register",
          "[checker]") {
  for (const std::string& name : small) {
    INFO(name);
    const auto found =
        braid::explore(braid::find_program(name), {.strategy = "dfs", .check_races = false});
    CHECK(found.complete);
    CHECK(outcomes_of(found) == registered(name));
  }
}

struct known_bug {
  const char* program;
  braid::verdict verdict;
};

TEST_CASE("random samples find most bugs of the catalogue", "[checker]") {
  const auto panic = braid::verdict::panic;
  const std::vector<known_bug> bugs = {
      {"sct/InterlockedWorkStealQueueWithState", panic},
      {"sct/StateWorkStealQueue", panic},
      {"sct/WorkStealQueue", panic},
      {"sct/arithmetic_prog", panic},
      {"sct/barnes", panic},
      {"sct/bluetooth_driver", panic},
      {"sct/circular_buffer", panic},
      {"sct/ctrace-test", panic},
      {"sct/deadlock01", braid::verdict::deadlock},
      {"sct/din_phil2", panic},
      {"sct/din_phil3", panic},
      {"sct/din_phil4", panic},
      {"sct/din_phil5", panic},
      {"sct/din_phil6", panic},
      {"sct/din_phil7", braid::verdict::deadlock},
      {"sct/fft", panic},
      {"sct/fsbench", panic},
      {"sct/lu", panic},
      {"sct/phase01", braid::verdict::deadlock},
      {"sct/queue", panic},
      {"sct/reorder_3", panic},
      {"sct/reorder_4", panic},
      {"sct/reorder_5", panic},
      {"sct/reorder_10", panic},
      {"sct/reorder_50", panic},
      {"sct/stack", panic},
      {"sct/sync01", braid::verdict::deadlock},
      {"sct/sync02", braid::verdict::deadlock},
      {"sct/twostage", panic},
      {"sct/twostage_50", panic},
      {"sct/twostage_100", panic},
      {"sct/wronglock_3", panic},
  };
  for (const known_bug& bug : bugs) {
    INFO(bug.program);
    const auto found = braid::explore(
        braid::find_program(bug.program),
        {.strategy = "random", .runs_max = 30'000, .check_races = false, .fail_fast = true});
    CHECK(found.has(bug.verdict));
    CHECK(is_subset(outcomes_of(found), registered(bug.program)));
  }
}

TEST_CASE("a schedule of few preemptions shows the bugs that chance hardly finds", "[checker]") {
  // One preemption, after the first setter's first write or the first writer's first stage.
  const auto [name, token] = GENERATE(table<std::string, std::string>({
      {"sct/reorder_10", "13g10"},
      {"sct/reorder_50", "53g41"},
      {"sct/reorder_100", "103g100"},
      {"sct/twostage_50", "55g41"},
      {"sct/twostage_100", "105g100"},
      {"sct/safestack", "5g3.7g1.16g2.25g3.26g1.31g3.46g1.51g3.56g2.66g1"},
  }));
  INFO(name);
  const auto followed = braid::replay(braid::find_program(name), token, {.check_races = false});
  CHECK(followed.unfit.empty());
  CHECK(outcomes_of(followed.outcome) == outcomes{{"", "panic"}});
}

TEST_CASE("samples of the fixed programs of the catalogue have no finding", "[checker][volume]") {
  const std::vector<std::string> large = {"sct/fsbench-fixed", "sct/reorder_50-fixed",
                                          "sct/reorder_100-fixed", "sct/twostage_50-fixed",
                                          "sct/twostage_100-fixed"};
  int sampled = 0;
  for (const braid::scenario& s : braid::scenarios()) {
    const std::string& name = s.name();
    const bool is_fixed = name.starts_with("sct/") && name.ends_with("-fixed");
    if ((!is_fixed && name != "sct/bbuf") || is_small(name)) continue;
    INFO(name);
    const bool is_large = std::find(large.begin(), large.end(), name) != large.end();
    const std::uint64_t runs = is_large ? 500 : 20'000;
    const auto found = braid::explore(
        s.with_size(), {.strategy = "random", .runs_max = runs, .check_races = false});
    CHECK(found.executions == runs);
    CHECK(outcomes_of(found) == outcomes{""});
    ++sampled;
  }
  CHECK(sampled > 20);
}

}  // namespace
