// The kernels of scenarios/goker/ have the bugs that were found in the projects, and their fixed
// twins have none.
//
// Oracle: the catalogue. It says how each kernel fails, and which goroutines are left waiting, for
// what. Objects are numbered by kind in the order of their making; goroutines are called here by
// the name that the kernel gives them, which a replay tells.
#include <algorithm>
#include <braid/explore.hpp>
#include <braid/scenario.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/exploring.hpp"

namespace {

using braid::finding;
using braid::report;
using braid::timer_mode;
using braid::verdict;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using texts = std::vector<std::string>;

struct kernel {
  std::string id;
  verdict what;
  // Who takes part, by name: in which operation it waits; or its part in a race, or the panic.
  texts involved;

  std::string name() const { return "goker/" + id; }
  std::string twin() const { return name() + "-fixed"; }
};

const std::vector<kernel> kernels = {
    {"cockroach_10790", verdict::leak, {"drainer: chan3.recv"}},
    {"cockroach_1462", verdict::deadlock, {"main: wg1.wait", "producer: chan3.send 0"}},
    {"cockroach_2448",
     verdict::leak,
     {"store: select {chan2.send, chan3.recv}", "raft: select {chan1.send, chan3.recv}"}},
    {"cockroach_35501", verdict::race, {"alter: var1.write", "validation: var1.read"}},
    {"cockroach_3710",
     verdict::leak,
     {"scan: rwmutex1.lock_shared", "raft: rwmutex1.await readers"}},
    {"cockroach_7504",
     verdict::deadlock,
     {"main: wg1.wait", "acquire: mutex3.lock", "release: mutex1.lock"}},
    {"etcd_3077", verdict::race, {"raft: var1.write", "server: var1.read"}},
    {"etcd_5509", verdict::deadlock, {"main: rwmutex1.await readers"}},
    {"etcd_7443",
     verdict::deadlock,
     {"main: chan4.recv", "watcher: chan1.send", "close balancer: rwmutex1.lock",
      "close client: rwmutex1.lock"}},
    {"istio_8144", verdict::race, {"test: var1.read", "evicter: var1.write"}},
    {"kubernetes_11298",
     verdict::deadlock,
     {"main: chan2.recv", "service: chan6.recv", "waiter: cond1.wait"}},
    {"kubernetes_13058", verdict::panic, {"controller: panic: sync: negative WaitGroup counter"}},
    {"moby_18412", verdict::race, {"main: var2.read", "waiter: var2.write"}},
    {"moby_25384", verdict::leak, {"daemon: wg1.wait"}},
    {"moby_29733", verdict::deadlock, {"main: chan1.recv", "waiter: cond1.wait"}},
    {"serving_4908", verdict::race, {"test: var1.write", "probe: var1.read"}},
};

bool is_told(const braid::involved_goroutine& g) {
  return !g.waits_for.empty() && !g.operation.empty() && !g.at.empty();
}

// The name that go_options gave it; main has none.
std::string name_in(const braid::history& told, const std::string& goroutine) {
  for (const braid::goroutine_history& g : told.goroutines) {
    if (g.name == goroutine) return g.label.empty() ? g.name : g.label;
  }
  return "nobody called " + goroutine;
}

// `var1.write` of `var1.write 2`.
std::string without_value(const std::string& operation) {
  return operation.substr(0, operation.find(' '));
}

texts involved_in(const finding& f, const braid::history& told) {
  texts all;
  for (const auto& g : f.goroutines) all.push_back(name_in(told, g.name) + ": " + g.operation);
  for (const auto& a : f.accesses) {
    all.push_back(name_in(told, a.goroutine) + ": " + without_value(a.operation));
  }
  std::sort(all.begin(), all.end());
  return all;
}

// Of all findings of that kind.
std::vector<texts> all_involved(const report& r, const braid::program& p, verdict what,
                                const braid::explore_options& options = {}) {
  std::vector<texts> all;
  for (const finding& f : r.findings) {
    if (f.what != what) continue;
    const braid::replay_result again = braid::replay(p, f.token, options);
    CHECK(again.same_trace);
    all.push_back(involved_in(f, again.told));
  }
  return all;
}

texts sorted(texts all) {
  std::sort(all.begin(), all.end());
  return all;
}

outcomes registered(const std::string& name, timer_mode timers) {
  const auto& list = braid::find_scenario(name).expected(timers == timer_mode::free);
  return {list.begin(), list.end()};
}

TEST_CASE("each kernel is there with its fixed twin", "[checker]") {
  texts expected;
  for (const kernel& k : kernels) expected.insert(expected.end(), {k.name(), k.twin()});
  texts found;
  for (const braid::scenario& s : braid::scenarios()) {
    if (s.name().starts_with("goker/")) found.push_back(s.name());
  }
  CHECK(kernels.size() == 16);
  CHECK(found == sorted(expected));
}

TEST_CASE("the bug of each kernel is found in 1,000 executions, and who takes part in it",
          "[checker]") {
  for (const kernel& k : kernels) {
    INFO(k.id);
    const braid::program p = braid::find_program(k.name());
    const report found = braid::explore(p, {.runs_max = 1000});
    CHECK(found.executions <= 1000);
    CHECK(found.dropped_stacks == 0);
    const auto all = all_involved(found, p, k.what);
    CHECK(std::count(all.begin(), all.end(), sorted(k.involved)) == 1);
  }
}

TEST_CASE("the report names every blocked goroutine of a kernel, and what it waits for",
          "[checker]") {
  for (const kernel& k : kernels) {
    INFO(k.id);
    const report found = braid::explore(braid::find_program(k.name()), {.runs_max = 1000});
    for (const finding& f : found.findings) {
      INFO(f.summary);
      if (f.what != verdict::deadlock && f.what != verdict::leak) continue;
      CHECK(!f.goroutines.empty());
      CHECK(std::all_of(f.goroutines.begin(), f.goroutines.end(), is_told));
      CHECK(std::none_of(f.goroutines.begin(), f.goroutines.end(),
                         [](const auto& g) { return g.why.empty() && !g.in_cycle; }));
    }
  }
}

TEST_CASE("a kernel has no other outcome than it registers", "[checker]") {
  const auto timers = GENERATE(timer_mode::ordered, timer_mode::free);
  for (const kernel& k : kernels) {
    INFO(k.id);
    const report found = braid::explore(braid::find_program(k.name()), {.timers = timers});
    CHECK(found.complete);
    CHECK(outcomes_of(found) == registered(k.name(), timers));
  }
}

void check_twin(const kernel& k) {
  INFO(k.id);
  const report found = braid::explore(braid::find_program(k.twin()));
  INFO(found.why_incomplete);
  CHECK(found.complete);
  CHECK(found.findings.empty());
  CHECK(outcomes_of(found) == registered(k.twin(), timer_mode::ordered));
}

TEST_CASE("the fixed twin of a kernel ends well in all schedules", "[checker]") {
  for (const kernel& k : kernels) {
    if (k.id != "etcd_7443") check_twin(k);
  }
}

TEST_CASE("the fixed twin of the largest kernel ends well in all schedules", "[checker][volume]") {
  for (const kernel& k : kernels) {
    if (k.id == "etcd_7443") check_twin(k);
  }
}

// The result of the command is a second variable, and its waiter is what is left over.
TEST_CASE("a kernel may have more bugs than the one it is known for", "[checker]") {
  const braid::program p = braid::find_program("goker/moby_18412");
  const report found = braid::explore(p);
  CHECK(all_involved(found, p, verdict::race) ==
        std::vector<texts>{{"main: var2.read", "waiter: var2.write"},
                           {"copier: var1.write", "main: var1.read"}});
  const braid::explore_options no_races{.check_races = false};
  CHECK(all_involved(braid::explore(p, no_races), p, verdict::leak, no_races) ==
        std::vector<texts>{{"waiter: chan4.send"}});
  // A sleep that is too short for a machine that stalls.
  const braid::program nil = braid::find_program("goker/etcd_3077");
  const braid::explore_options free{.timers = timer_mode::free};
  CHECK(all_involved(braid::explore(nil, free), nil, verdict::deadlock, free) ==
        std::vector<texts>{{"main: chan2.recv", "raft: chan3.recv", "server: send"}});
}

TEST_CASE("etcd_7443 takes a strategy that is better than chance", "[checker]") {
  const braid::program p = braid::find_program("goker/etcd_7443");
  const auto finds = [&](const char* strategy) {
    return braid::explore(p, {.strategy = strategy, .runs_max = 1000}).has(verdict::deadlock);
  };
  CHECK(finds("dpor"));
  CHECK(finds("pct:2"));
  CHECK_FALSE(finds("random"));
}

}  // namespace
