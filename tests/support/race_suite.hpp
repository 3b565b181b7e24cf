// Go's race suite (runtime/race/testdata) as tables: a name, and a body.
//
// The name is Go's, and says whether the body has a data race; `scripts/race-suite` holds the
// tables against the names of Go's suite. Names of cases that Go has not begin with "race: " or "no
// race: ".
//
// A case with a race is reported in at least one schedule, one without in none; all schedules are
// explored, so the sleeps with which Go's cases aim at one schedule are left out, and loops that
// wait for a length or a flag are one look at it. Objects live until the next execution begins: in
// Go they outlive main, and who uses them last.
#pragma once

#include <algorithm>
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
  std::function<void()> body;
  bool races() const { return name.starts_with("Race") || name.starts_with("race: "); }
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

// Runs `f`, and whatever it panics with is no matter (Go's recover). False if it panicked.
template <class F>
bool recovering(F&& f) {
  try {
    f();
    return true;
  } catch (const panic_error&) {
    return false;
  }
}

// Goroutines whose end is told by a channel: that orders what they did and main's end, no more.
inline void in_goroutines(const std::vector<std::function<void()>>& bodies) {
  auto done = make_chan<bool>(static_cast<std::ptrdiff_t>(bodies.size()));
  for (const auto& body : bodies) {
    go([=]() mutable {
      body();
      done.send(true);
    });
  }
  for (std::size_t i = 0; i < bodies.size(); ++i) done.recv();
}

// What goroutines share, if nothing else is said.
struct variables {
  var<int> x = 0;
  var<int> y = 0;
  var<int> z = 0;
};

// Two goroutines that share a T, and main waits for both.
template <class T = variables, class First, class Second>
std::function<void()> both(First first, Second second) {
  return [=] {
    const auto all = shared<T>();
    in_goroutines({[=] { first(*all); }, [=] { second(*all); }});
  };
}

// `first` in a goroutine, `second` in main, and then main waits for the goroutine.
template <class T = variables, class First, class Second>
std::function<void()> beside(First first, Second second) {
  return [=] {
    const auto all = shared<T>();
    auto done = make_chan<bool>(1);
    go([=]() mutable {
      first(*all);
      done.send(true);
    });
    second(*all);
    done.recv();
  };
}

// Two goroutines. Each writes to its own variable, and to the other's if `may_write` says so.
template <class F>
void crosswise(F may_write) {
  both(
      [=](variables& v) {
        v.x.write(1);
        if (may_write()) v.y.write(2);
      },
      [=](variables& v) {
        v.y.write(1);
        if (may_write()) v.x.write(2);
      })();
}

// Oracle: the name says whether the program races.
inline void check_one(const race_case& c) {
  INFO(c.name);
  REQUIRE(c.races() != (c.name.starts_with("NoRace") || c.name.starts_with("no race: ")));
  const program body{c.name, [&c] {
                       kept().clear();
                       c.body();
                     }};
  const report all = explore(body, {.strategy = "dpor", .check_leaks = false});
  INFO(all.why_incomplete);
  CHECK(all.complete);
  CHECK(all.has(verdict::race) == c.races());
  // Every schedule, where there are not too many: the classes of dpor have missed none.
  const report some = explore(body, {.strategy = "dfs", .runs_max = 3000, .check_leaks = false});
  if (some.complete || !c.races()) CHECK(some.has(verdict::race) == c.races());
}

inline void check(const std::vector<race_case>& cases) {
  for (const race_case& c : cases) check_one(c);
}

}  // namespace braid::testing
