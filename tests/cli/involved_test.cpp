// Which lanes a long report leaves out, and what it says of goroutines that wait while others go
// on.
//
// Oracle: the programs, in which it is plain who has a part in what goes wrong.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

// Of 12 goroutines the last two take two locks in opposite order.
void deadlock_of_two(int) {
  braid::mutex a;
  braid::mutex b;
  braid::wait_group all;
  const auto both = [&](braid::mutex& first, braid::mutex& second) {
    first.lock();
    second.lock();
    second.unlock();
    first.unlock();
  };
  for (int i = 0; i < 10; ++i) all.go([&] { both(a, b); });
  all.go([&] { both(a, b); });
  all.go([&] { both(b, a); });
  all.wait();
}

void race_of_two(int) {
  braid::var<int> shared;
  braid::wait_group all;
  for (int i = 0; i < 10; ++i) {
    all.go([] {
      braid::var<int> own;
      own.write(1);
    });
  }
  all.go([&] { shared.write(1); });
  all.go([&] { shared.write(2); });
  all.wait();
}

void panic_of_one(int) {
  braid::wait_group all;
  for (int i = 0; i < 10; ++i) {
    all.go([i] {
      braid::var<int> own;
      own.write(i);
      if (i == 9) braid::panic("enough");
    });
  }
  all.wait();
}

// Each finishes before the next one begins, so that the schedule is the default one but for the
// end.
void add_crowds() {
  add_program("deadlock-of-two", deadlock_of_two);
  add_program("race-of-two", race_of_two);
  add_program("panic-of-one", panic_of_one);
}

child_result crowd(const words& arguments) { return own_braid_says(arguments, add_crowds); }

TEST_CASE("lanes of goroutines that have no part in a deadlock or race are left out", "[cli]") {
  const child_result said = crowd({"explore", "deadlock-of-two", "-n", "500"});
  CHECK(said.code == 11);
  CHECK(contains(said.out, "10 goroutines more, not involved (-v shows all)"));
  CHECK(lines_of(said.out).size() < 45);
  CHECK_FALSE(contains(said.out, "idle"));
  const child_result all = crowd({"explore", "deadlock-of-two", "-n", "500", "-v"});
  CHECK_FALSE(contains(all.out, "not involved"));

  const child_result raced = crowd({"explore", "race-of-two", "-n", "1"});
  CHECK(raced.code == 12);
  CHECK(contains(raced.out, "10 goroutines more, not involved (-v shows all)"));
}

TEST_CASE("of a panic it is not known who is involved: all lanes are shown", "[cli]") {
  const child_result said = crowd({"explore", "panic-of-one", "-n", "1"});
  CHECK(said.code == 10);
  CHECK_FALSE(contains(said.out, "not involved"));
}

TEST_CASE("what is left out is the same where the lanes are drawn from a file", "[cli]") {
  const words search = {"explore", "race-of-two", "-n", "1", "--json", "--trace"};
  const temporary_file result(crowd(search).out);
  CHECK(contains(braid_says({"show", result.path()}).out, "10 goroutines more, not involved"));
}

TEST_CASE("who waits while others go on is told when they do, not when it was cut", "[cli]") {
  const json leak = only_json(braid_says({"explore", "leak-while-main-runs", "--json"}));
  CHECK(leak["findings"][0]["steps"] == 12);
  const json locks = only_json(braid_says({"explore", "deadlock-beside-ticker", "--json"}));
  CHECK(locks["findings"][0]["steps"] == 6);
}

}  // namespace
