// The outcomes that scenarios register are the right ones, and the search finds exactly those.
//
// Oracle: for each scenario a model, written down here as threads of abstract steps, and every
// interleaving of the model (support/enumeration.hpp, which knows nothing of braid). What is a step
// and what is not follows from Go's rules: prints, channel operations, locks and accesses to shared
// variables are steps; starting a goroutine is one too; main's return cuts off what is printed.
#include <braid/explore.hpp>
#include <braid/scenario.hpp>
#include <map>
#include <string>
#include <vector>

#include "support/enumeration.hpp"
#include "support/exploring.hpp"

namespace {

using braid::timer_mode;
using braid::testing::is_subset;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using namespace braid::testing::enumeration;

using model = std::vector<thread>;

// Cells by what they are used for.
constexpr std::size_t a = 0, b = 1, count = 2, sum = 3, seen = 4;

step add(std::size_t cell, int delta) {
  return act([=](world& w) { w.cell[cell] += delta; });
}
step await_zero(std::size_t cell) {
  return when([=](const world& w) { return w.cell[cell] == 0; });
}
step lock(std::size_t cell) {
  return when([=](const world& w) { return w.cell[cell] == 0; },
              [=](world& w) { w.cell[cell] = 1; });
}
step unlock(std::size_t cell) {
  return act([=](world& w) { w.cell[cell] = 0; });
}
thread sleep(std::size_t timer, std::int64_t milliseconds) {
  return {arm(timer, milliseconds), fired(timer)};
}
// An unbuffered channel in one cell: 0 empty, 1 offered, 2 taken.
thread send(std::size_t cell) {
  return {
      when([=](const world& w) { return w.cell[cell] == 0; }, [=](world& w) { w.cell[cell] = 1; }),
      when([=](const world& w) { return w.cell[cell] == 2; })};
}
step recv(std::size_t cell) {
  return when([=](const world& w) { return w.cell[cell] == 1; },
              [=](world& w) { w.cell[cell] = 2; });
}

thread lines(const std::vector<std::string>& texts) {
  thread all;
  for (const std::string& text : texts) all.push_back(print(text + "\n"));
  return all;
}

model talk_and_sleep(const std::string& separator, const std::string& one_line) {
  const auto three = [&](const std::string& who) {
    return lines({who + separator + "0", who + separator + "1", who + separator + "2"});
  };
  return {three("direct") + thread{start(1), start(2)} + sleep(0, 1000) + lines({"done"}) +
              thread{end()},
          three("goroutine"), lines({one_line})};
}

model wait_group() {
  model all = {{}};
  for (std::size_t i = 1; i <= 3; ++i) {
    all[0] = all[0] + thread{add(count, 1), start(i)};
    all.push_back({print(std::to_string(i) + "\n"), add(count, -1)});
  }
  all[0] = all[0] + thread{await_zero(count), print("done\n"), end()};
  return all;
}

model fork_join() {
  model all = {{}};
  for (std::size_t i = 1; i <= 3; ++i) {
    all[0].push_back(start(i));
    all.push_back(send(4 + i));
  }
  for (std::size_t i = 1; i <= 3; ++i) all[0].push_back(recv(4 + i));
  all[0] = all[0] + lines({"sum " + std::to_string(1 + 4 + 9)}) + thread{end()};
  return all;
}

// The loop variable lies in cell a. A goroutine reads it and prints what it saw.
model loop_variable() {
  model all = {{}};
  const step read = act([](world&) {});
  for (std::size_t i = 1; i <= 2; ++i) {
    all[0] = all[0] + thread{read, add(count, 1), start(i), read, add(a, 1)};
    const std::size_t mine = seen + i;
    all.push_back({act([=](world& w) { w.cell[mine] = w.cell[a]; }),
                   act([=](world& w) { write(w, std::to_string(w.cell[mine]) + "\n"); }),
                   add(count, -1)});
  }
  all[0] = all[0] + thread{read, await_zero(count), end()};
  return all;
}

model lock_order() {
  return {{add(count, 2), start(1), start(2), await_zero(count), end()},
          {lock(a), lock(b), unlock(b), unlock(a), add(count, -1)},
          {lock(b), lock(a), unlock(a), unlock(b), add(count, -1)}};
}

model send_on_closed() {
  const step send_or_panic = act([](world& w) { w.has_panicked = w.cell[a] == 1; });
  return {{start(1), act([](world& w) { w.cell[a] = 1; }), end()}, {send_or_panic}};
}

model timeout() {
  const step select = {{[](const world& w) { return w.cell[a] == 1; },
                        [](world& w) {
                          w.cell[a] = 2;
                          w.cell[b] = 1;
                        }},
                       {[](const world& w) { return bool{w.has_fired[1]}; }, {}}};
  const step report = act([](world& w) { write(w, w.cell[b] == 1 ? "foo\n" : "timeout\n"); });
  return {{start(1), arm(1, 1000), select, report, end()}, sleep(0, 900) + send(a)};
}

std::map<std::string, model> models() {
  const thread hello = lines({"Hello World"});
  return {
      {"args-in-caller", {{print("bar\n"), start(1), print("after\n"), end()}, lines({"foo"})}},
      {"channel-sync",
       {{start(1), when([](const world& w) { return w.cell[a] == 1; }), end()},
        {print("working..."), print("done\n"), add(a, 1)}}},
      {"direct-goroutine-going", talk_and_sleep(" : ", "going")},
      {"fire-and-forget", {{start(1), print("started\n"), end()}, lines({"worked"})}},
      {"first-goroutine",
       {thread{start(1)} + sleep(0, 2000) + lines({"This is the main function."}) + thread{end()},
        lines({"This is my first goroutine!"})}},
      {"foo-vs-after", {{print("before\n"), start(1), print("after\n"), end()}, lines({"foo"})}},
      {"fork-join", fork_join()},
      {"goroutine-leak", {{start(1), end()}, send(a)}},
      {"lock-order", lock_order()},
      {"loop-variable", loop_variable()},
      {"print-nums", talk_and_sleep(" ", "async")},
      {"send-on-closed", send_on_closed()},
      {"speak-no-wait", {{start(1), end()}, hello}},
      {"speak-sleep", {thread{start(1)} + sleep(0, 1000) + thread{end()}, hello}},
      {"timeout", timeout()},
      {"transfer", lock_order()},
      {"wait-group", wait_group()},
  };
}

outcomes registered(const braid::scenario& s, timer_mode timers) {
  const auto& list = s.expected(timers == timer_mode::free);
  return {list.begin(), list.end()};
}

// The models know nothing of data races: these scenarios have one in every schedule, and a panic is
// the worse finding.
bool races(const std::string& name) { return name == "loop-variable" || name == "send-on-closed"; }

outcomes enumerated(const std::string& name, const model& m, timer_mode timers) {
  outcomes all;
  for (const auto& [output, verdict] : enumerate(m, timers == timer_mode::free)) {
    all.emplace(output, races(name) && verdict == "ok" ? "race" : verdict);
  }
  return all;
}

TEST_CASE("every scenario that can be exhausted has a model, and only those", "[checker]") {
  std::vector<std::string> exhaustible;
  for (const braid::scenario& s : braid::scenarios()) {
    // Those of dpor/ are judged by their number of classes: see dpor_counts_test.cpp. Those of
    // spin/ have one outcome or two, told by what they are for: see loops_test.cpp.
    const bool is_judged_elsewhere =
        s.name().rfind("dpor/", 0) == 0 || s.name().rfind("spin/", 0) == 0;
    if (s.options().exhaustible && !is_judged_elsewhere) exhaustible.push_back(s.name());
  }
  std::vector<std::string> modelled;
  for (const auto& [name, m] : models()) modelled.push_back(name);
  CHECK(modelled == exhaustible);
}

TEST_CASE("the outcomes that a scenario registers are those of its model", "[checker]") {
  const auto timers = GENERATE(timer_mode::ordered, timer_mode::free);
  for (const auto& [name, m] : models()) {
    INFO(name);
    CHECK(registered(braid::find_scenario(name), timers) == enumerated(name, m, timers));
  }
}

TEST_CASE("dfs finds exactly the outcomes that a scenario registers, and is complete",
          "[checker]") {
  const auto timers = GENERATE(timer_mode::ordered, timer_mode::free);
  for (const braid::scenario& s : braid::scenarios()) {
    if (!s.options().exhaustible) continue;
    INFO(s.name());
    const auto found = braid::explore(s.with_size(), {.strategy = "dfs", .timers = timers});
    CHECK(found.complete);
    CHECK(outcomes_of(found) == registered(s, timers));
  }
}

TEST_CASE("samples of a scenario have only outcomes that it registers", "[checker]") {
  const auto timers = GENERATE(timer_mode::ordered, timer_mode::free);
  for (const braid::scenario& s : braid::scenarios()) {
    INFO(s.name());
    const std::uint64_t runs = s.options().exhaustible ? 300 : 20;
    const auto found =
        braid::explore(s.with_size(), {.strategy = "random",
                                       .runs_max = runs,
                                       .timers = timers,
                                       // Of the catalogue, what its assertions find counts.
                                       .check_races = !s.name().starts_with("sct/")});
    CHECK(found.executions == runs);
    CHECK(is_subset(outcomes_of(found), registered(s, timers)));
  }
}

TEST_CASE("a scenario with a size can be exhausted when it is small", "[checker]") {
  const auto found = braid::explore(braid::find_program("many-goroutines:2"), {.strategy = "dfs"});
  CHECK(found.complete);
  CHECK(outcomes_of(found) == outcomes{"2 goroutines\n"});
}

}  // namespace
