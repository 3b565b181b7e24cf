// dpor runs one execution of each class of equivalent ones, no more and no fewer.
//
// Oracle: tests/data/dpor_counts.txt, numbers of classes that were counted outside braid.
#include <braid/explore.hpp>
#include <braid/scenario.hpp>
#include <cstdint>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/exploring.hpp"

namespace {

using braid::testing::outcomes;
using braid::testing::outcomes_of;

struct count {
  std::string program;
  std::uint64_t classes = 0;
  std::optional<std::uint64_t> deadlocked = {};
  std::optional<outcomes> expected = {};
};

constexpr std::uint64_t few_classes = 2000;

count count_in(const std::string& line) {
  std::istringstream words(line);
  count c;
  std::string deadlocked;
  words >> c.program >> c.classes >> deadlocked;
  if (deadlocked != "-") c.deadlocked = std::stoull(deadlocked);
  for (std::string output; words >> output && output != "-";) {
    if (!c.expected) c.expected.emplace();
    c.expected->emplace(output + "\n");
  }
  REQUIRE(c.classes > 0);
  return c;
}

std::vector<count> known_counts() {
  std::ifstream in(BRAID_SOURCE_DIR "/tests/data/dpor_counts.txt");
  std::vector<count> all;
  for (std::string line; std::getline(in, line);) {
    if (line[0] != '#') all.push_back(count_in(line));
  }
  return all;
}

std::uint64_t deadlocks_in(const braid::report& r) {
  std::uint64_t sum = 0;
  for (const braid::reported_outcome& o : r.outcomes) {
    if (o.lowest == braid::verdict::deadlock) sum += o.count;
  }
  return sum;
}

void check(const count& c) {
  INFO(c.program);
  // A search that finds too many classes is stopped, so that it fails soon.
  const auto found = braid::explore(braid::find_program(c.program),
                                    {.strategy = "dpor", .runs_max = 2 * c.classes + 100});
  CHECK(found.classes.value_or(0) == c.classes);
  CHECK(found.executions == c.classes);
  CHECK(found.blocked == 0);
  if (c.deadlocked) CHECK(deadlocks_in(found) == *c.deadlocked);
  if (c.expected) CHECK(outcomes_of(found) == *c.expected);
}

TEST_CASE("dpor runs one execution of each class", "[checker][dpor][counts]") {
  for (const count& c : known_counts()) {
    if (c.classes <= few_classes) check(c);
  }
}

TEST_CASE("dpor runs one execution of each class, of thousands", "[checker][dpor][counts]") {
  for (const count& c : known_counts()) {
    if (c.classes > few_classes) check(c);
  }
}

TEST_CASE("the classes of each program of dpor/ are known", "[checker][dpor][counts]") {
  std::set<std::string> counted;
  for (const count& c : known_counts()) counted.insert(braid::find_scenario(c.program).name());
  for (const braid::scenario& s : braid::scenarios()) {
    if (s.name().rfind("dpor/", 0) != 0) continue;
    INFO(s.name());
    CHECK(counted.count(s.name()) == 1);
  }
}

}  // namespace
