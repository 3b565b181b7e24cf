// What a finding says: who waits for what, who holds it since when, who could still wake whom, and
// once for each cause.
//
// Oracle: programs so small that the answer is plain; places are counted from the head of each.
#include <algorithm>
#include <braid/braid.hpp>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <vector>

#include "explain/cause.hpp"
#include "report/json.hpp"
#include "support/exploring.hpp"

namespace {

using namespace braid;
using namespace std::chrono_literals;
using braid::testing::explore_all;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using texts = std::vector<std::string>;

const finding& only(const report& r, verdict what) {
  const auto is_it = [what](const finding& f) { return f.what == what; };
  REQUIRE(std::count_if(r.findings.begin(), r.findings.end(), is_it) == 1);
  return *std::find_if(r.findings.begin(), r.findings.end(), is_it);
}

const involved_goroutine& part_of(const finding& f, const std::string& name) {
  const auto found = std::find_if(f.goroutines.begin(), f.goroutines.end(),
                                  [&](const involved_goroutine& g) { return g.name == name; });
  REQUIRE(found != f.goroutines.end());
  return *found;
}

texts names(const std::vector<awaited_goroutine>& all) {
  texts list;
  for (const awaited_goroutine& a : all) list.push_back(a.name);
  return list;
}

std::string place(int line) { return "findings_test.cpp:" + std::to_string(line); }

TEST_CASE("a lock that a finished goroutine kept is told as left behind, with its place",
          "[checker][findings]") {
  constexpr int head = __LINE__;
  const report r = explore_all([] {
    mutex guard;
    auto locked = make_chan<int>();
    go([&] {
      guard.lock();
      locked.send(1);
    });
    locked.recv();
    guard.lock();
  });
  const finding& f = only(r, verdict::deadlock);
  CHECK(f.summary.starts_with("mutex1 is still held by g1, which finished at step"));
  CHECK(f.summary.ends_with("locked at " + place(head + 5)));
  const involved_goroutine& main = part_of(f, "main");
  REQUIRE(names(main.held_by) == texts{"g1"});
  CHECK(main.held_by[0].how == "holds");
  CHECK(main.held_by[0].at == place(head + 5));
  CHECK(main.held_by[0].step == 3);
  CHECK(main.made_at == place(head + 2));
}

TEST_CASE("a goroutine that waits for its own lock is told so", "[checker][findings]") {
  const report r = explore_all([] {
    mutex guard;
    named(guard, "guard");
    guard.lock();
    guard.lock();
  });
  const finding& f = only(r, verdict::deadlock);
  CHECK(f.summary == "main waits for mutex guard, which it holds itself");
  CHECK(f.cycle == texts{"main", "mutex guard"});
  CHECK(part_of(f, "main").why == "it holds that itself");
}

// g1 reads and would read again; main waits to write, and keeps it out.
TEST_CASE("a writer that waits is told as waiting, and readers as holders", "[checker][findings]") {
  const report r = explore_all([] {
    shared_mutex data;
    named(data, "data");
    auto reading = make_chan<int>();
    go({.name = "reader"}, [&] {
      data.lock_shared();
      reading.send(1);
      this_goroutine::yield();
      data.lock_shared();
      data.unlock_shared();
      data.unlock_shared();
    });
    reading.recv();
    data.lock();
  });
  const finding& f = only(r, verdict::deadlock);
  const involved_goroutine& main = part_of(f, "main");
  CHECK(main.waits_for == "rwmutex data");
  CHECK(main.holds.empty());
  REQUIRE(names(main.held_by) == texts{"g1"});
  CHECK(main.held_by[0].how == "reads");
  CHECK(main.behind.empty());
  const involved_goroutine& g1 = part_of(f, "g1");
  CHECK(g1.label == "reader");
  CHECK(g1.holds == texts{"rwmutex data"});
  REQUIRE(g1.holds_since.size() == 1);
  CHECK(g1.holds_since[0].as_reader);
  REQUIRE(names(g1.behind) == texts{"main"});
  CHECK(g1.behind[0].how == "will write");
  CHECK(f.cycle == texts{"main", "rwmutex data", "g1", "rwmutex data"});
}

TEST_CASE("a select waits for the channels of its cases", "[checker][findings]") {
  const report r = explore_all([] {
    const auto jobs = named(make_chan<int>(), "jobs");
    const auto quit = make_chan<int>();
    const chan<int> nil;
    braid::select{braid::recv(jobs), braid::recv(quit), braid::recv(nil)};
  });
  CHECK(part_of(only(r, verdict::deadlock), "main").waits_for == "chan jobs, chan2, nil chan");
}

TEST_CASE("a wait on nothing says so", "[checker][findings]") {
  const report nil = explore_all([] { chan<int>().recv(); });
  CHECK(part_of(only(nil, verdict::deadlock), "main").waits_for == "nil chan");
  CHECK(part_of(only(nil, verdict::deadlock), "main").why == "a nil channel is never ready");
}

TEST_CASE("a lock that is taken for a scope is told by the line of the scope",
          "[checker][findings]") {
  const report r = explore_all([] {
    mutex a;
    mutex b;
    const lock_guard first(a);
    go([&] { const lock_guard other(b); });
    const lock_guard second(a);
  });
  const auto& main = part_of(only(r, verdict::deadlock), "main");
  CHECK_THAT(main.at, Catch::Contains("findings_test.cpp:"));
  CHECK_THAT(main.holds_since.at(0).at, Catch::Contains("findings_test.cpp:"));
}

TEST_CASE("a wait for a cond, a wait group or an atomic names it", "[checker][findings]") {
  const report r = explore_all([] {
    mutex guard;
    cond ready;
    wait_group all;
    atomic<int> turn = 0;
    all.add(1);
    go([&] {
      std::unique_lock held(guard);
      ready.wait(held);
    });
    go([&] { turn.await([](int t) { return t == 1; }); });
    go([&] { all.wait(); });
    all.wait();
  });
  for (const finding& f : r.findings) {
    CHECK(part_of(f, "main").waits_for == "wg1");
    CHECK(part_of(f, "g1").waits_for == "cond1");
    CHECK(part_of(f, "g2").waits_for == "atomic1");
    CHECK(part_of(f, "g3").waits_for == "wg1");
  }
  CHECK(r.findings.size() == 1);
}

TEST_CASE("who has to count a wait group down is named where it is known", "[checker][findings]") {
  const report r = explore_all([] {
    wait_group all;
    auto never = make_chan<int>();
    all.add(3);
    for (int i = 0; i < 3; ++i) {
      go({.name = "worker"}, [&all, never, i] {
        if (i > 0) never.recv();
        all.done();
      });
    }
    all.wait();
  });
  CHECK(part_of(only(r, verdict::deadlock), "main").why == "2 to go: g2 worker, g3 worker");
}

TEST_CASE("of a channel it is told who used it before, and what became of them",
          "[checker][findings]") {
  const report r = explore_all([] {
    auto result = make_chan<int>();
    go({.name = "client"}, [result] { result.recv(); });
    go([result] {
      result.send(1);
      result.send(2);
    });
  });
  const finding& f = only(r, verdict::leak);
  const involved_goroutine& g2 = part_of(f, "g2");
  CHECK(g2.waits_for == "chan1");
  CHECK(g2.created_by == "main");
  REQUIRE(names(g2.could_wake) == texts{"g1"});
  CHECK(g2.could_wake[0].how == "recv");
  CHECK(g2.could_wake[0].state.starts_with("finished at step"));
  CHECK(g2.why.find("g1 client received from chan1 at step") == 0);
}

TEST_CASE("the case of a select that was not chosen is told as such", "[checker][findings]") {
  const report r = explore_all([] {
    auto result = make_chan<int>();
    go([result] {
      sleep_for(2s);
      result.send(1);
    });
    braid::select{braid::recv(result), braid::recv(after(1s))};
  });
  const involved_goroutine& g1 = part_of(only(r, verdict::leak), "g1");
  REQUIRE(names(g1.could_wake) == texts{"main"});
  CHECK(g1.could_wake[0].how == "would recv");
  CHECK(g1.why.starts_with("main would have received from chan1 at step"));
}

TEST_CASE("each verdict of an execution has a finding of its own", "[checker][findings]") {
  const report r = explore_all([] {
    const auto shared = std::make_shared<var<int>>(0, where());
    auto never = make_chan<int>();
    go([shared, never] {
      shared->write(1);
      never.recv();
    });
    shared->write(2);
  });
  CHECK(outcomes_of(r) == outcomes{{"", "race"}});
  CHECK(only(r, verdict::race).accesses.size() == 2);
  CHECK(part_of(only(r, verdict::leak), "g1").waits_for == "chan1");
}

TEST_CASE("a panic names its goroutine, its place and the panics that it replaced",
          "[checker][findings]") {
  constexpr int head = __LINE__;
  const report r = explore_all([] {
    go({.name = "closer"}, [] {
      with_defers([](frame& f) {
        f.defer([] {
          make_chan<int>().close();
          chan<int>().close();
        });
        braid::panic("lost");
      });
    });
    make_chan<int>().recv();
  });
  const finding& f = only(r, verdict::panic);
  const involved_goroutine& closer = part_of(f, "g1");
  CHECK(closer.label == "closer");
  CHECK(closer.created_at == place(head + 2));
  CHECK(closer.at == place(head + 6));
  CHECK(f.panics == texts{"lost", "close of nil channel"});
}

// Whoever sends locks first: which of the four are involved depends on the schedule, and why does
// not.
TEST_CASE("a finding is told once for each cause, with the nearest schedule",
          "[checker][findings]") {
  const program p{"test", [] {
                    mutex a;
                    mutex b;
                    const auto both = [](mutex& first, mutex& second) {
                      first.lock();
                      second.lock();
                      print("+");
                      second.unlock();
                      first.unlock();
                    };
                    for (int i = 0; i < 2; ++i) go([&] { both(a, b); });
                    for (int i = 0; i < 2; ++i) go([&] { both(b, a); });
                    wait_group never;
                    never.add(1);
                    never.wait();
                  }};
  const report r = explore(p, {.strategy = "dpor"});
  std::vector<std::string> causes;
  for (const finding& f : r.findings) causes.push_back(cause_of(f));
  std::sort(causes.begin(), causes.end());
  CHECK(std::adjacent_find(causes.begin(), causes.end()) == causes.end());
  const auto has_cycle = [](const finding& f) { return !f.cycle.empty(); };
  const auto told = std::find_if(r.findings.begin(), r.findings.end(), has_cycle);
  REQUIRE(told != r.findings.end());
  std::uint64_t outcomes_with_cycle = 0;
  for (const reported_outcome& o : r.outcomes) {
    const auto found = replay(p, o.token).outcome.findings;
    if (std::none_of(found.begin(), found.end(), has_cycle)) continue;
    ++outcomes_with_cycle;
    CHECK(o.deviations >= told->deviations);
  }
  CHECK(outcomes_with_cycle > 1);
  CHECK(told->outcomes == outcomes_with_cycle);
}

TEST_CASE("two objects with one name are told apart", "[checker][findings]") {
  const report r = explore_all([] {
    mutex one;
    mutex other;
    named(one, "lock");
    named(other, "lock");
    other.lock();
    other.lock();
  });
  CHECK(part_of(only(r, verdict::deadlock), "main").waits_for == "mutex lock#2");
}

TEST_CASE("a name is used for races and for warnings too", "[checker][findings]") {
  const report r = explore_all([] {
    var<int> total = 0;
    named(total, "total");
    wait_group done;
    done.add(1);
    go([&] {
      total.write(1);
      done.done();
    });
    total.write(2);
    done.wait();
  });
  CHECK(only(r, verdict::race).summary.starts_with("data race on var total ("));
}

struct order {
  int number;
};
std::ostream& operator<<(std::ostream& out, const order& o) { return out << "order " << o.number; }

struct ticket {
  int number;
};

}  // namespace

template <>
struct braid::printer<ticket> {
  static std::string text_of(const ticket& t) { return "ticket " + std::to_string(t.number); }
};

namespace {

TEST_CASE("values are shown by operator<< or by a printer", "[checker][findings]") {
  const report r = explore_all([] {
    println(ticket{7}, order{8});
    make_chan<ticket>().send(ticket{9});
  });
  CHECK(r.outcomes.at(0).output == "ticket 7 order 8\n");
  CHECK(part_of(only(r, verdict::deadlock), "main").operation == "chan1.send ticket 9");
  const report by_stream = explore_all([] { make_chan<order>().send(order{9}); });
  CHECK(part_of(only(by_stream, verdict::deadlock), "main").operation == "chan1.send order 9");
}

// Two lock each other out, one waits for what a finished one kept, and main is woken by its ticker
// for ever.
TEST_CASE("a deadlock is found beside goroutines that go on for ever", "[checker][findings]") {
  const program beside{"test", [] {
                         mutex a;
                         mutex b;
                         const auto take = [](mutex& first, mutex& second) {
                           first.lock();
                           second.lock();
                           second.unlock();
                           first.unlock();
                         };
                         go([&] { take(a, b); });
                         go([&] { take(b, a); });
                         ticker every(1s);
                         while (every.c.recv().more) {
                         }
                       }};
  const report r = explore(beside, {.strategy = "dpor", .steps_max = 2000});
  CHECK(outcomes_of(r) == outcomes{{"", "steps"}, {"", "deadlock"}});
  const finding& f = only(r, verdict::deadlock);
  CHECK(f.goroutines.size() == 2);
  CHECK(f.cycle.size() == 4);
  CHECK(f.summary.ends_with(", while others go on"));
  CHECK(replay(beside, f.token, {.steps_max = 2000}).outcome.exit_code() == 11);
  CHECK(outcomes_of(
            explore(beside, {.strategy = "dpor", .steps_max = 2000, .check_deadlocks = false})) ==
        outcomes{{"", "steps"}});
}

TEST_CASE("a leak is found while main runs for ever, and who may still be served is none",
          "[checker][findings]") {
  const auto serve = [](bool is_served) {
    return program{"test", [is_served] {
                     auto requests = make_chan<int>();
                     go([requests, is_served] {
                       if (!is_served) {
                         const auto result = make_chan<int>();
                         go({.name = "worker"}, [result] { result.send(42); });
                       } else {
                         requests.recv();
                       }
                     });
                     ticker every(1s);
                     while (every.c.recv().more) {
                     }
                   }};
  };
  const explore_options options{.strategy = "random", .runs_max = 3, .steps_max = 2000};
  const report leaks = explore(serve(false), options);
  CHECK(outcomes_of(leaks) == outcomes{{"", "leak"}});
  CHECK(part_of(only(leaks, verdict::leak), "g2").label == "worker");
  CHECK(leaks.outcomes.at(0).leaked == texts{"g2 worker"});
  CHECK(outcomes_of(explore(serve(true), options)) == outcomes{{"", "steps"}});
}

// Two who work for longer than an execution may last, and will serve who waits in the end: one was
// born knowing of it, the other was told by a message.
TEST_CASE("who waits for somebody that is at work for long is no leak", "[checker][findings]") {
  const auto work = [] {
    ticker every(1s);
    while (every.c.recv().more) {
    }
  };
  const explore_options options{.strategy = "random", .runs_max = 3, .steps_max = 2000};
  CHECK(outcomes_of(explore({"test",
                             [work] {
                               wait_group all;
                               all.go([work] { work(); });
                               all.wait();
                             }},
                            options)) == outcomes{{"", "steps"}});
  CHECK(outcomes_of(explore({"test",
                             [work] {
                               const auto requests = make_chan<chan<int>>();
                               go([requests] {
                                 const auto answer = make_chan<int>();
                                 requests.send(answer);
                                 answer.recv();
                               });
                               const chan<int> answer = requests.recv().value;
                               work();
                               answer.send(1);
                             }},
                            options)) == outcomes{{"", "steps"}});
}

// Only some executions are cut, and the first is not.
TEST_CASE("what is said of an execution that was cut does not depend on those before it",
          "[checker][findings]") {
  const program polite{"test", [] {
                         mutex a;
                         mutex b;
                         wait_group both;
                         const auto take = [](mutex& first, mutex& second) {
                           for (bool done = false; !done;) {
                             first.lock();
                             done = second.try_lock();
                             if (done) second.unlock();
                             first.unlock();
                           }
                         };
                         both.go([&] { take(a, b); });
                         both.go([&] { take(b, a); });
                         both.wait();
                       }};
  const report r = explore(
      polite, {.strategy = "pct:2", .runs_max = 20, .steps_max = 2000, .check_races = false});
  CHECK(r.findings.empty());
  CHECK(outcomes_of(r) == outcomes{{"", "ok"}, {"", "steps"}});
}

TEST_CASE("a finding is read back from JSON as it was", "[checker][findings]") {
  const report r = explore_all([] {
    shared_mutex data;
    data.lock_shared();
    go({.name = "writer"}, [&] { data.lock(); });
    make_chan<int>().recv();
  });
  const json once = to_json(r);
  CHECK(to_json(report_from_json(once)).at("findings") == once.at("findings"));
  const json& g1 = once.at("findings").at(0).at("goroutines").at(1);
  CHECK(g1.at("waits_for") == "rwmutex1");
  CHECK(g1.at("label") == "writer");
  CHECK(g1.at("held_by").at(0).at("name") == "main");
}

}  // namespace
