// What else could have happened, as a history tells it.
//
// Oracle: dfs. Whoever follows every alternative of every history, from the default schedule on,
// runs as many executions as dfs does.
#include <braid/braid.hpp>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>
#include <set>

#include "report/json.hpp"
#include "support/exploring.hpp"

namespace {

using braid::choice;
using braid::happening;
using braid::possibility;
using braid::replay_result;
using braid::timer_mode;

std::string joined(const std::string& schedule, const std::string& deviation) {
  return schedule == "0" ? deviation : schedule + "." + deviation;
}

// The place of a choice in a history.
struct place {
  std::size_t row = 0;
  std::size_t choice = 0;
};

class follower {
 public:
  follower(std::function<void()> main, timer_mode timers)
      : program_{"test", std::move(main)}, options_{.timers = timers} {}

  std::uint64_t count() { return count_from("0", 0); }

 private:
  // Executions that begin as this one does for its first `fixed` choices.
  std::uint64_t count_from(const std::string& schedule, std::size_t fixed) {
    const replay_result ran = braid::replay(program_, schedule, options_);
    REQUIRE(ran.unfit == "");
    std::vector<place> places;
    for (std::size_t row = 0; row < ran.told.rows.size(); ++row) {
      for (std::size_t c = 0; c < ran.told.rows[row].choices.size(); ++c)
        places.push_back({row, c});
    }
    std::uint64_t executions = 1;
    for (std::size_t i = fixed; i < places.size(); ++i) {
      const happening& row = ran.told.rows[places[i].row];
      const choice& made = row.choices[places[i].choice];
      REQUIRE(made.taken == 0);
      for (std::size_t other = 1; other < made.all.size(); ++other) {
        check_follows(schedule, made.all[other], row.step);
        executions += count_from(joined(schedule, made.all[other].deviation), i + 1);
      }
    }
    return executions;
  }

  // What was told is what happens in that step.
  void check_follows(const std::string& schedule, const possibility& told, std::uint32_t step) {
    const replay_result ran = braid::replay(program_, joined(schedule, told.deviation), options_);
    CAPTURE(schedule, told.deviation);
    REQUIRE(ran.unfit == "");
    for (const happening& row : ran.told.rows) {
      if (row.step != step) continue;
      const bool is_timer = row.goroutine == happening::timers;
      const std::string name = is_timer             ? "timers"
                               : row.goroutine == 0 ? "main"
                                                    : "g" + std::to_string(row.goroutine);
      CHECK(name == told.goroutine);
      CHECK(row.at == told.at);
      const bool is_within = told.deviation.find_first_of("cv") != std::string::npos;
      if (!is_within && row.kind != "start" && row.kind != "after") CHECK(row.text == told.text);
    }
  }

  const braid::program program_;
  const braid::explore_options options_;
};

void check_alternatives(const std::function<void()>& main) {
  for (const timer_mode timers : {timer_mode::ordered, timer_mode::free}) {
    const braid::report all = braid::testing::explore_all(main, timers);
    REQUIRE(all.complete);
    CHECK(follower(main, timers).count() == all.executions);
  }
}

TEST_CASE("the alternatives of all histories are the executions of dfs", "[checker]") {
  check_alternatives([] {
    braid::println("before");
    braid::go([] { braid::println("foo"); });
    braid::println("after");
  });
  check_alternatives([] {
    braid::mutex a;
    auto done = braid::make_chan<int>();
    braid::go([&] {
      const std::lock_guard held(a);
      braid::println("g1");
    });
    braid::go([&] {
      a.lock();
      a.unlock();
      done.send(1);
    });
    done.recv();
  });
}

TEST_CASE("ready cases, values and timers are alternatives", "[checker]") {
  check_alternatives([] {
    auto a = braid::make_chan<int>(1);
    auto b = braid::make_chan<int>(1);
    a.send(1);
    b.send(2);
    braid::select{braid::on_recv(a, [](int v) { braid::println(v); }),
                  braid::on_recv(b, [](int v) { braid::println(v); })};
    braid::println(braid::choose(3));
  });
  check_alternatives([] {
    braid::go([] {
      braid::sleep_for(std::chrono::seconds(1));
      braid::println("g1");
    });
    braid::sleep_for(std::chrono::seconds(1));
    braid::println("main");
  });
}

TEST_CASE("an event of the JSON has what could have come instead", "[checker]") {
  const braid::program p{"test", [] {
                           auto c = braid::make_chan<int>(1);
                           braid::go([c]() mutable { c.send(7); });
                           braid::println("main");
                         }};
  const braid::json events = braid::to_json(braid::replay(p, "0").told);
  std::size_t with_others = 0;
  for (const braid::json& e : events) {
    if (!e.contains("could")) continue;
    ++with_others;
    for (const braid::json& other : e["could"]) {
      CHECK(other["deviation"] == std::to_string(e["step"].get<int>()) + "g1");
      CHECK(other["goroutine"] == "g1");
      CHECK(other["text"] == "chan1.send 7");
      CHECK(other["at"].get<std::string>().starts_with("alternatives_test.cpp:"));
    }
  }
  CHECK(with_others > 0);
}

TEST_CASE("a step without a choice has no alternatives", "[checker]") {
  const braid::program p{"test", [] { braid::println("alone"); }};
  for (const happening& row : braid::replay(p, "0").told.rows) CHECK(row.could().empty());
}

}  // namespace
