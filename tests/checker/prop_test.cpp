// Properties: rapidcheck's inputs, braid's schedules, and how both are shrunk.
//
// Oracle: the planted bug, whose smallest input and schedule are known.
#include <braid/braid.hpp>
#include <braid/testing/prop.hpp>
#include <catch2/catch.hpp>
#include <numeric>
#include <set>

#include "support/checking.hpp"

namespace {

using namespace braid::testing;
using braid::prop_options;
using braid::verification;

struct quiet {
  silent_framework framework;
  variable_scope regressions{"BRAID_REGRESSIONS", ""};
  variable_scope reproduce{"BRAID_REPRODUCE", std::nullopt};
};

// Goroutines deposit, each its amount and at least 1. The balance is read and written in two steps
// if `is_planted`: two deposits are the fewest that lose one, and one preemption is needed. An edit
// adds what has nothing to do with it.
void deposits(const std::vector<int>& amounts, bool is_planted, bool is_edited = false) {
  if (is_edited) braid::println("opening");
  braid::mutex journal;
  braid::atomic<std::int64_t> balance;
  braid::wait_group all;
  all.add(static_cast<int>(amounts.size()));
  std::int64_t sum = 0;
  for (const int amount : amounts) {
    const std::int64_t paid = 1 + std::abs(std::int64_t{amount});
    sum += paid;
    braid::go([&, paid] {
      if (is_edited) {
        journal.lock();
        journal.unlock();
      }
      if (is_planted) {
        balance.store(balance.load() + paid);
      } else {
        balance += paid;
      }
      all.done();
    });
  }
  all.wait();
  braid::expect(balance.load() == sum, "the balance is the sum of the deposits");
}

verification lost_deposits(std::uint64_t seed, bool is_edited = false,
                           std::vector<std::string> first = {}) {
  return braid::prop("nothing is lost",
                     [=](const std::vector<int>& amounts) { deposits(amounts, true, is_edited); },
                     {.verify = {.replay_first = std::move(first)}, .seed = seed});
}

TEST_CASE("a property that holds passes", "[prop]") {
  quiet around;
  const verification v = braid::prop(
      "nothing is lost", [](const std::vector<int>& amounts) { deposits(amounts, false); },
      {.verify = {.runs_max = 500}, .inputs_max = 20, .seed = 1});
  CHECK(v.ok());
  CHECK(around.framework.passes == 1);
}

TEST_CASE("input and schedule of a planted bug are shrunk to the same smallest ones from any seed",
          "[prop]") {
  quiet around;
  std::set<std::string> schedules;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const verification v = lost_deposits(seed);
    INFO("seed " << seed << "\n" << v.text());
    CHECK_FALSE(v.ok());
    CHECK(v.facts().input == "([0, 0])");
    CHECK(v.facts().preemptions <= 1);
    schedules.insert(v.facts().token);
  }
  CHECK(schedules.size() == 1);
}

TEST_CASE("a failing property is told with both, in one word", "[prop]") {
  quiet around;
  const verification v = lost_deposits(7);
  REQUIRE(around.framework.failures.size() == 1);
  const std::string& text = around.framework.failures[0].text;
  CHECK_THAT(text, Catch::Contains("input    ([0, 0])"));
  CHECK_THAT(text, Catch::Contains("BRAID_REPRODUCE=") && Catch::Contains(v.facts().word));
  CHECK_THAT(text, Catch::Contains("expect failed: the balance is the sum"));
  CHECK_THAT(around.framework.failures[0].at.file(), Catch::Contains("prop_test.cpp"));
}

TEST_CASE("the printed word reproduces a failing property, also after an edit elsewhere",
          "[prop]") {
  quiet around;
  const std::string word = lost_deposits(3).facts().word;
  const bool is_edited = GENERATE(false, true);
  SECTION("from the options") {
    const verification v = lost_deposits(99, is_edited, {word});
    CHECK(v.facts().executions == 1);
    CHECK(v.facts().input == "([0, 0])");
    CHECK(around.framework.notes.empty());
  }
  SECTION("from the environment") {
    const variable_scope by("BRAID_REPRODUCE", word);
    const verification v = lost_deposits(99, is_edited);
    CHECK(v.facts().executions == 1);
    CHECK(v.facts().what == braid::verdict::panic);
  }
  SECTION("from a file") {
    const temporary_folder folder;
    const variable_scope here("BRAID_REGRESSIONS", folder.path());
    const variable_scope ci("CI", std::nullopt);
    const verification found = lost_deposits(3);
    CHECK_FALSE(found.facts().kept_in.empty());
    const verification v = lost_deposits(99, is_edited);
    CHECK(v.facts().executions == 1);
    CHECK_THAT(v.text(), Catch::Contains(found.facts().kept_in));
  }
}

TEST_CASE("a word of another property, or of none, does not stop the search", "[prop]") {
  quiet around;
  const variable_scope by("BRAID_REPRODUCE", lost_deposits(3).facts().word);
  const verification v =
      braid::prop("another", [](int n) { braid::expect(std::abs(n) >= n, "it is no less"); },
                  {.inputs_max = 10, .seed = 1});
  CHECK(v.ok());
  CHECK(v.facts().executions == 10);
  const variable_scope token("BRAID_REPRODUCE", lost_deposits(3).facts().token);
  CHECK_FALSE(lost_deposits(3).ok());  // it says nothing of the input
  CHECK(around.framework.notes.empty());
}

// rapidcheck lowers one at a time, after which the two are not equal.
TEST_CASE("integers that must be equal for a failure are lowered together", "[prop]") {
  quiet around;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const verification v =
        braid::prop("never the same, from three on",
                    [](unsigned short a, unsigned short b) { return a != b || a < 3; },
                    {.inputs_max = 1000, .seed = seed});
    CHECK(v.facts().input == "(3, 3)");
  }
  using input = std::tuple<int, std::vector<int>>;
  const auto lowered = braid::detail::edited(input{5, {7, -2}}, braid::detail::edit_lowering(3));
  CHECK(lowered == input{2, {4, 0}});
  CHECK(braid::detail::largest_in(input{5, {7, -9}}) == 9);
}

TEST_CASE("elements of nested sequences are dropped one by one", "[prop]") {
  using input = std::tuple<std::vector<std::vector<int>>, int>;
  const input all{{{1, 2}, {3}}, 4};
  const auto without = [&](std::uint64_t n) {
    return braid::detail::edited(all, braid::detail::edit_dropping(n));
  };
  CHECK(without(0) == input{{{3}}, 4});       // a goroutine
  CHECK(without(2) == input{{{2}, {3}}, 4});  // an operation
  CHECK(without(4) == input{{{1, 2}, {}}, 4});
  CHECK_FALSE(without(5));
}

TEST_CASE("an input's word says what it was made of", "[prop]") {
  using braid::detail::input_source;
  std::vector<std::uint8_t> repeated;
  for (int i = 0; i < 4; ++i) repeated.insert(repeated.end(), {1, 2, 3, 4, 5, 6, 7, 255});
  repeated.insert(repeated.end(), {9, 200});
  for (const input_source& source :
       {input_source{{1, 2, 3}, {}}, input_source{repeated, {4, 700}}, input_source{}}) {
    const auto again = braid::detail::source_from_word(braid::detail::to_word(source));
    REQUIRE(again);
    CHECK(again->reproduce == source.reproduce);
    CHECK(again->edits == source.edits);
  }
  CHECK(braid::detail::to_word({repeated, {}}).size() < 25);
  CHECK_FALSE(braid::detail::source_from_word("i"));
  CHECK_FALSE(braid::detail::source_from_word("zzzzzz"));
}

TEST_CASE("an input that RC_PRE refuses is none", "[prop]") {
  quiet around;
  const verification v = braid::prop("small ones only",
                                     [](int n) {
                                       RC_PRE(n % 2 == 0);
                                       braid::expect(n % 2 == 0, "it is even");
                                     },
                                     {.inputs_max = 20, .seed = 5});
  CHECK(v.ok());
}

TEST_CASE("what fails without a schedule fails by the default one", "[prop]") {
  quiet around;
  const verification by_false =
      braid::prop("below ten", [](unsigned n) { return n < 10; }, {.seed = 2});
  CHECK(by_false.facts().input == "(10)");
  CHECK_THAT(by_false.text(), Catch::Contains("the property returned false"));
  const verification by_assert =
      braid::prop("below ten, too", [](unsigned n) { RC_ASSERT(n < 10U); }, {.seed = 2});
  CHECK(by_assert.facts().input == "(10)");
}

TEST_CASE("inputs of a generator stay what it generates", "[prop]") {
  quiet around;
  const verification v = braid::prop("not above five", rc::gen::inRange(3, 50),
                                     [](int n) { return n <= 5; }, {.seed = 4});
  CHECK(v.facts().input == "6");
  const verification again =
      braid::prop("not above five", rc::gen::inRange(3, 50), [](int n) { return n <= 5; },
                  {.verify = {.replay_first = {v.facts().word}}, .seed = 9});
  CHECK(again.facts().executions == 1);
  CHECK(again.facts().input == "6");
}

}  // namespace
