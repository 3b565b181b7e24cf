// parallel_check finds what is wrong with a small object, makes it smaller, and draws it; of an
// object that is right it says nothing.
#include <braid/testing/models.hpp>
#include <braid/testing/parallel_check.hpp>
#include <catch2/catch.hpp>
#include <mutex>

namespace {

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

braid::parallel_result check(adding how, std::size_t branches = 2) {
  return braid::parallel_check(
      counter{}, rc::gen::inRange(1, 9), [how] { return small_counter(how); },
      [](small_counter& c, int n) { return c.add(n); },
      {.branches = branches, .cases = 50, .seed = 1});
}

TEST_CASE("two commands that are not atomic are all that is left", "[checker][parallel_check]") {
  const braid::parallel_result r = check(adding::in_two_steps);
  REQUIRE_FALSE(r);
  CHECK(r.found.what == braid::verdict::not_linearizable);
  CHECK(r.commands == 2);
  CHECK(r.report ==
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
  INFO(r.report);
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

TEST_CASE("the same seed finds the same", "[checker][parallel_check]") {
  const braid::parallel_result one = check(adding::in_two_steps);
  const braid::parallel_result other = check(adding::in_two_steps);
  CHECK(one.cases == other.cases);
  CHECK(one.report == other.report);
}

}  // namespace
