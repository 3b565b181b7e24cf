// Reads small programs, one in JSON on each line of stdin, and prints for each, in a line of JSON,
// every outcome that it can have. scripts/compare-go compares them with what Go does.
//
//   braid-outcomes [EXECUTIONS [STRATEGY]]   at most so many for each program; else not complete
#include <algorithm>
#include <braid/explore.hpp>
#include <cstdint>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "programs.hpp"

namespace braid {
namespace {

bool has(const reported_outcome& o, verdict v) {
  return std::find(o.verdicts.begin(), o.verdicts.end(), v) != o.verdicts.end();
}

// How Go ends a program that ends so: "ok", or the first line on stderr.
std::string end_of(const reported_outcome& o) {
  if (has(o, verdict::deadlock)) return "fatal error: all goroutines are asleep - deadlock!";
  if (has(o, verdict::panic) || has(o, verdict::fatal)) {
    return o.errors.substr(0, o.errors.find('\n'));
  }
  if (has(o, verdict::crash)) return "crash";
  return "ok";
}

// Whether a wait group is used as Go forbids.
bool misuses_group(const report& r) {
  return std::any_of(r.findings.begin(), r.findings.end(), [](const finding& f) {
    return std::any_of(f.accesses.begin(), f.accesses.end(),
                       [](const raced_access& a) { return a.kind == "add" || a.kind == "wait"; });
  });
}

nlohmann::json outcomes_of(const testing::small_go_program& program, std::uint64_t runs_max,
                           const std::string& strategy) {
  const report r = explore({"small", [&program] { testing::perform(program); }},
                           {.strategy = strategy, .runs_max = runs_max});
  std::set<std::pair<std::string, std::string>> outcomes;
  for (const reported_outcome& o : r.outcomes) outcomes.emplace(o.output, end_of(o));
  return {{"complete", r.complete},
          {"executions", r.executions},
          {"blocked", r.blocked},
          {"misuses_group", misuses_group(r)},
          {"outcomes", outcomes}};
}

}  // namespace
}  // namespace braid

int main(int count, char** arguments) {
  const std::uint64_t runs_max = count > 1 ? std::stoull(arguments[1]) : 20000;
  const std::string strategy = count > 2 ? arguments[2] : "dpor";
  for (std::string line; std::getline(std::cin, line);) {
    const auto program = braid::testing::program_from(nlohmann::json::parse(line));
    std::cout << braid::outcomes_of(program, runs_max, strategy).dump() << std::endl;
  }
}
