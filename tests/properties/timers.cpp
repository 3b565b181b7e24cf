// dpor on random small programs of timers: it visits the classes that dfs visits, each once.
//
// The oracle is that of dpor.cpp. Here stops and resets prevent what could have happened.
#include <rapidcheck.h>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "properties/visits.hpp"

namespace braid::testing {
namespace {

using namespace std::chrono_literals;

// What the goroutines of one execution share. Main sets one timer of each kind.
struct shared_timers {
  timer once{1s};
  ticker often{2s};
  std::optional<func_timer> later;
  wait_group others;
};

constexpr int kinds = 12;

class timer_interpreter {
 public:
  timer_interpreter(std::shared_ptr<shared_timers> timers, int who)
      : timers_(std::move(timers)), who_(who) {}

  void run(const std::vector<int>& instructions) {
    for (const int i : instructions) perform(i % kinds);
  }

 private:
  void perform(int kind) {
    switch (kind) {
      case 0:
        return this_goroutine::yield();
      case 1:
        return say(timers_->once.stop());
      case 2:
        return say(timers_->once.reset(1s));
      case 3:
        return say(select{recv(timers_->once.c), otherwise});
      case 4:
        return say(timers_->later->stop());
      case 5:
        return say(timers_->later->reset(2s));
      case 6:
        return sleep_for(1s);
      case 7:
        return say(select{recv(timers_->once.c), recv(after(2s))});
      case 8:
        return timers_->often.stop();
      case 9:
        return timers_->often.reset(1s);
      case 10:
        return say(select{recv(timers_->often.c), recv(timers_->once.c), otherwise});
      default:
        return say((clock::now() - time_point{}) / 1s % 10);
    }
  }

  void say(long value) { println(std::to_string(who_) + ":" + std::to_string(value)); }

  std::shared_ptr<shared_timers> timers_;
  int who_;
};

// Numbers go round: to main, and to one or two others.
class timer_program {
 public:
  explicit timer_program(const std::vector<int>& numbers) {
    goroutines_.resize(numbers.empty() || numbers[0] % 2 == 0 ? 2 : 3);
    for (std::size_t i = 1; i < numbers.size(); ++i) {
      goroutines_[i % goroutines_.size()].push_back(numbers[i]);
    }
  }

  void operator()() const {
    auto timers = std::make_shared<shared_timers>();
    timers->later = after_func(1s, [] { println("f"); });
    for (std::size_t g = 1; g < goroutines_.size(); ++g) {
      timers->others.add(1);
      go([timers, g, instructions = goroutines_[g]] {
        timer_interpreter(timers, static_cast<int>(g)).run(instructions);
        timers->others.done();
      });
    }
    timer_interpreter(timers, 0).run(goroutines_[0]);
    timers->others.wait();
  }

 private:
  std::vector<std::vector<int>> goroutines_;
};

std::vector<int> timer_numbers() {
  const auto number = rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, kinds));
  return *rc::gen::resize(6, rc::gen::container<std::vector<int>>(number));
}

TEST_CASE("dpor visits the classes of timer programs that dfs visits, each once",
          "[properties][exact][timers]") {
  CHECK(rc::check("dpor is exact with timers", [] {
    const timer_program main(timer_numbers());
    const auto timers = *rc::gen::element(timer_mode::ordered, timer_mode::free);
    const visited all = visit(main, "dfs", timers);
    RC_PRE(all.is_complete);
    const visited reduced = visit(main, "dpor", timers);
    RC_ASSERT(all.is_consistent);
    RC_ASSERT(reduced.is_complete);
    RC_ASSERT(reduced.outcomes == all.outcomes);
    RC_ASSERT(each_once(reduced));
    const visited in_jobs = visit_in_jobs(main, timers, *rc::gen::arbitrary<std::uint32_t>());
    RC_ASSERT(in_jobs.outcomes == all.outcomes);
    RC_ASSERT(each_once(in_jobs));
  }));
}

TEST_CASE("dpor is exact where timers with other deadlines are stopped",
          "[properties][exact][timers]") {
  using numbers = std::vector<int>;
  const numbers program = GENERATE(values<numbers>({
      {0, 9, 8},   // a reset and a stop of a ticker that others come before
      {0, 8, 10},  // a tick that is taken, or taken back
  }));
  const timer_mode timers = GENERATE(timer_mode::ordered, timer_mode::free);
  const timer_program main(program);
  const visited all = visit(main, "dfs", timers);
  REQUIRE(all.is_complete);
  const visited reduced = visit(main, "dpor", timers);
  CHECK(reduced.outcomes == all.outcomes);
  CHECK(each_once(reduced));
}

}  // namespace
}  // namespace braid::testing
