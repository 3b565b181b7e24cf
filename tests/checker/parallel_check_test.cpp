// parallel_check finds what is wrong with a small object, makes it smaller, and draws it; of an
// object that is right it says nothing.
#include <braid/testing/models.hpp>
#include <braid/testing/parallel_check.hpp>
#include <catch2/catch.hpp>
#include <mutex>
#include <optional>
#include <string>

#include "support/checking.hpp"

namespace {

using braid::testing::silent_framework;
using braid::testing::variable_scope;
using counter = braid::counter_model<int>;

enum class adding { in_two_steps, in_one_step, under_two_locks };

class small_counter {
 public:
  explicit small_counter(adding how) : how_(how) {}

  int add(int n) {
    if (how_ == adding::in_one_step) return value_.fetch_add(n);
    if (how_ == adding::under_two_locks) {
      // An even and an odd number are added with the locks in opposite orders.
      const std::lock_guard first(n % 2 == 0 ? one_ : other_);
      const std::lock_guard second(n % 2 == 0 ? other_ : one_);
      return value_.fetch_add(n);
    }
    const int before = value_.load();
    value_.store(before + n);
    return before;
  }

 private:
  const adding how_;
  braid::atomic<int> value_ = 0;
  braid::mutex one_;
  braid::mutex other_;
};

braid::parallel_result check(adding how, const braid::parallel_options& options) {
  return braid::parallel_check(
      counter{}, rc::gen::inRange(1, 9), [how] { return small_counter(how); },
      [](small_counter& c, int n) { return c.add(n); }, options);
}

braid::parallel_result check(adding how, std::size_t branches = 2) {
  return check(how, {.name = "small", .branches = branches, .cases = 50, .seed = 1});
}

TEST_CASE("two commands that are not atomic are all that is left", "[checker][parallel_check]") {
  const braid::parallel_result r = check(adding::in_two_steps);
  REQUIRE_FALSE(r);
  CHECK(r.found.what == braid::verdict::not_linearizable);
  CHECK(r.commands == 2);
  const std::string drawn = r.report.substr(0, r.report.find("\n  again    "));
  CHECK(drawn ==
        "not-linearizable, with 1 preemption\n"
        "\n"
        "  +-- g1 ------------+-- g2 ------------\n"
        "  |  add 1 -> 0  1-4 |  add 1 -> 0  2-3\n"
        "\n"
        "  n-m: began as event n, ended as event m\n"
        "\n"
        "  g2: add 1 -> 0 cannot be placed\n"
        "    g1  |-add 1 -> 0-|\n"
        "    g2    |-add 1 -> 0-|  <- ?\n"
        "  longest linearizable prefix: add 1 -> 0 (g1)\n"
        "  then the state is 1, where g2 would get 1\n");
}

TEST_CASE("atomic commands pass, in two branches and in three", "[checker][parallel_check]") {
  const std::size_t branches = GENERATE(2U, 3U);
  const braid::parallel_result r = check(adding::in_one_step, branches);
  CHECK(r);
  CHECK(r.cases == 50);
}

TEST_CASE("a deadlock is found as well", "[checker][parallel_check]") {
  const braid::parallel_result r = check(adding::under_two_locks);
  REQUIRE_FALSE(r);
  CHECK(r.found.what == braid::verdict::deadlock);
  CHECK(r.commands == 2);
  CHECK_THAT(r.report, Catch::StartsWith("deadlock, with 1 preemption"));
}

// Whatever the tests themselves are asked to reproduce.
struct nothing_around {
  silent_framework framework;
  variable_scope reproduces = {"BRAID_REPRODUCE", std::nullopt};
  variable_scope regressions = {"BRAID_REGRESSIONS", ""};
};

TEST_CASE("a failure prints the word that makes it again", "[checker][parallel_check]") {
  nothing_around around;
  const adding how = GENERATE(adding::in_two_steps, adding::under_two_locks);
  const braid::parallel_result r = check(how);
  REQUIRE(!r.word.empty());
  CHECK_THAT(r.report, Catch::Contains("\n  again    BRAID_REPRODUCE='" + r.word + "' "));
  CHECK_THAT(r.report, Catch::EndsWith("\n  commit   .replay_first = {\"" + r.word + "\"}\n"));
  const auto is_the_same = [&](const braid::parallel_result& again) {
    CHECK_FALSE(again);
    CHECK(again.cases == 0);
    CHECK(again.found.what == r.found.what);
    CHECK(again.found.token == r.found.token);
    CHECK(again.word == r.word);
    CHECK(again.report.substr(0, again.report.find("\n  again ")) ==
          r.report.substr(0, r.report.find("\n  again ")));
  };
  is_the_same(check(how, {.name = "small", .seed = 9, .replay_first = {r.word}}));
  const variable_scope set("BRAID_REPRODUCE", r.word);
  is_the_same(check(how, {.name = "small", .seed = 9}));
  CHECK(check(adding::in_one_step));                      // it is mended
  CHECK_FALSE(check(how, {.name = "other", .seed = 1}));  // which the word is not of
}

TEST_CASE("the same seed finds the same", "[checker][parallel_check]") {
  const braid::parallel_result one = check(adding::in_two_steps);
  const braid::parallel_result other = check(adding::in_two_steps);
  CHECK(one.cases == other.cases);
  CHECK(one.report == other.report);
}

}  // namespace
