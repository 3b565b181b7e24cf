// Go's race suite (runtime/race/testdata) as tables: a body, and whether it has a data race.
//
// A case with a race is reported in at least one schedule, one without in none; all schedules are
// explored, so the sleeps with which Go's cases aim at one schedule are left out, and loops that
// wait for a length or a flag are one look at it. Objects live until the next execution begins: in
// Go they outlive main, and who uses them last.
#pragma once

#include <braid/braid.hpp>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace braid::testing {

struct race_case {
  std::string name;
  bool races;
  std::function<void()> body;
};

inline std::vector<std::shared_ptr<void>>& kept() {
  static std::vector<std::shared_ptr<void>> objects;
  return objects;
}

template <class T, class... Arguments>
std::shared_ptr<T> shared(Arguments... arguments) {
  const auto made = std::make_shared<T>(arguments...);
  kept().push_back(made);
  return made;
}
template <class T = int>
std::shared_ptr<var<T>> variable(T value = {}, where at = {}) {
  return shared<var<T>>(value, at);
}
template <class T>
chan<T> make_chan(std::ptrdiff_t capacity = 0, where at = {}) {
  return *shared<chan<T>>(braid::make_chan<T>(capacity, at));
}

// Runs `f`, and whatever it panics with is no matter (Go's recover).
template <class F>
void recovering(F&& f) {
  try {
    f();
  } catch (const runtime_panic&) {
  }
}

// Oracle: the name says whether the program races.
inline void check(const race_case& c) {
  INFO(c.name);
  const program body{c.name, [&c] {
                       kept().clear();
                       c.body();
                     }};
  const report all = explore(body, {.strategy = "dpor", .check_leaks = false});
  INFO(all.why_incomplete);
  CHECK(all.complete);
  CHECK(all.has(verdict::race) == c.races);
  // Every schedule, where there are not too many: the classes of dpor have missed none.
  const report some = explore(body, {.strategy = "dfs", .runs_max = 3000, .check_leaks = false});
  if (some.complete || !c.races) CHECK(some.has(verdict::race) == c.races);
}

inline void check(const std::vector<race_case>& cases) {
  for (const race_case& c : cases) check(c);
}

}  // namespace braid::testing
