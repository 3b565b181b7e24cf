// Which histories of calls are linearizable, and what is said of those that are not.
//
// Oracle: every order of the calls, by brute force; for longer histories, how they were made: with
// the moments at which the calls took effect.
#include <rapidcheck.h>

#include <algorithm>
#include <braid/testing/models.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>
#include "support/histories.hpp"

namespace {

using braid::judge;
using braid::linearizability;
using braid::operation;
using registers = braid::register_model<int>;
using queue = braid::queue_model<int>;
using stack = braid::stack_model<int>;
using map = braid::map_model<int, int>;

// Calls with their times; without a result they are pending.
template <class Model>
operation<Model> call(std::uint32_t goroutine, typename Model::op what, std::uint64_t called,
                      std::uint64_t returned, typename Model::result result) {
  return {goroutine, what, result, called, returned};
}
template <class Model>
operation<Model> pending(std::uint32_t goroutine, typename Model::op what, std::uint64_t called) {
  return {goroutine, what, std::nullopt, called, 0};
}

TEST_CASE("a read that overlaps a write may come before or after it", "[linearizability]") {
  const int seen = GENERATE(0, 1);
  CHECK(judge(registers{}, {call<registers>(0, registers::write(1), 1, 4, 1),
                            call<registers>(1, registers::read(), 2, 3, seen)}));
}

TEST_CASE("a read that follows a write sees it", "[linearizability]") {
  const auto history = [](int seen) {
    return std::vector{call<registers>(0, registers::write(1), 1, 2, 1),
                       call<registers>(1, registers::read(), 3, 4, seen)};
  };
  CHECK(judge(registers{}, history(1)));
  CHECK_FALSE(judge(registers{}, history(0)));
}

// Sequentially consistent, and no more: the reads of two goroutines see one write in turn.
TEST_CASE("once somebody has read a new value nobody reads the old one", "[linearizability]") {
  CHECK_FALSE(judge(registers{}, {call<registers>(0, registers::write(1), 1, 8, 1),
                                  call<registers>(1, registers::read(), 2, 3, 1),
                                  call<registers>(2, registers::read(), 4, 5, 0)}));
}

// It changes nothing where it is first tried.
TEST_CASE("a write of what is there already may come after another one", "[linearizability]") {
  CHECK(judge(registers{}, {call<registers>(0, registers::write(1), 1, 2, 1),
                            call<registers>(0, registers::write(1), 3, 6, 1),
                            call<registers>(1, registers::write(2), 4, 5, 2),
                            call<registers>(0, registers::read(), 7, 8, 1)}));
}

TEST_CASE("what is pending may have taken effect, and need not have", "[linearizability]") {
  const int seen = GENERATE(0, 1);
  CHECK(judge(registers{}, {pending<registers>(0, registers::write(1), 1),
                            call<registers>(1, registers::read(), 2, 3, seen)}));
}

TEST_CASE("what is pending takes effect once, and not before it was called", "[linearizability]") {
  CHECK_FALSE(judge(queue{},
                    {call<queue>(0, queue::pop(), 1, 2, 7), pending<queue>(1, queue::push(7), 3)}));
  CHECK_FALSE(
      judge(queue{}, {pending<queue>(0, queue::push(7), 1), call<queue>(1, queue::pop(), 2, 3, 7),
                      call<queue>(1, queue::pop(), 4, 5, 7)}));
}

TEST_CASE("a pending pop may have taken what is missing", "[linearizability]") {
  CHECK(judge(queue{},
              {call<queue>(0, queue::push(1), 1, 2, 1), call<queue>(0, queue::push(2), 3, 4, 2),
               pending<queue>(1, queue::pop(), 5), call<queue>(0, queue::pop(), 6, 7, 2)}));
}

TEST_CASE("a queue gives in the order in which it was given", "[linearizability]") {
  const auto history = [](int first, int second) {
    return std::vector{
        call<queue>(0, queue::push(1), 1, 2, 1), call<queue>(0, queue::push(2), 3, 4, 2),
        call<queue>(1, queue::pop(), 5, 6, first), call<queue>(1, queue::pop(), 7, 8, second)};
  };
  CHECK(judge(queue{}, history(1, 2)));
  CHECK_FALSE(judge(queue{}, history(2, 1)));
  CHECK_FALSE(judge(queue{}, history(1, 1)));
}

TEST_CASE("a bounded queue refuses what it has no room for, and nothing else",
          "[linearizability]") {
  queue bounded;
  bounded.capacity = 1;
  CHECK(judge(bounded, {call<queue>(0, queue::push(1), 1, 2, 1),
                        call<queue>(0, queue::push(2), 3, 4, std::nullopt)}));
  CHECK_FALSE(judge(
      bounded, {call<queue>(0, queue::push(1), 1, 2, 1), call<queue>(0, queue::push(2), 3, 4, 2)}));
  CHECK_FALSE(judge(bounded, {call<queue>(0, queue::push(2), 3, 4, std::nullopt)}));
}

TEST_CASE("keys of a map are judged apart, and one that is broken is found", "[linearizability]") {
  std::vector<operation<map>> calls = {call<map>(0, map::put(1, 5), 1, 2, std::nullopt),
                                       call<map>(1, map::put(2, 6), 1, 2, std::nullopt),
                                       call<map>(0, map::get(2), 3, 4, 6)};
  CHECK(judge(map{}, calls));
  calls.push_back(call<map>(1, map::get(1), 5, 6, 4));
  const braid::judgement j = judge(map{}, calls);
  CHECK(j.answer == linearizability::broken);
  CHECK(j.misplaced == 3);
  CHECK(j.order == std::vector<std::size_t>{0});
}

TEST_CASE("the explanation shows the calls, how far they go, and what does not fit",
          "[linearizability]") {
  const braid::judgement j = judge(registers{}, {call<registers>(0, registers::write(1), 1, 8, 1),
                                                 call<registers>(1, registers::read(), 2, 3, 1),
                                                 call<registers>(2, registers::read(), 4, 5, 0),
                                                 call<registers>(1, registers::read(), 9, 10, 1)});
  CHECK(j.misplaced == 2);
  CHECK(j.explanation ==
        "g2: read -> 0 cannot be placed\n"
        "  main  |-write 1--------|\n"
        "  g1      |-read -> 1-|\n"
        "  g2                   |-read -> 0-|  <- ?\n"
        "longest linearizable prefix: write 1 (main), read -> 1 (g1)\n"
        "then the state is 1, where g2 would get 1\n");
}

TEST_CASE("what went well before is left out of the explanation", "[linearizability]") {
  std::vector<operation<registers>> calls;
  for (std::uint32_t i = 1; i <= 20; ++i) {
    calls.push_back(call<registers>(0, registers::write(static_cast<int>(i)), 2 * i, 2 * i + 1,
                                    static_cast<int>(i)));
  }
  calls.push_back(call<registers>(1, registers::read(), 50, 51, 7));
  CHECK(judge(registers{}, calls).explanation ==
        "g1: read -> 7 cannot be placed\n"
        "after 20 operations, with the state 20:\n"
        "  g1  |-read -> 7-|  <- ?\n"
        "longest linearizable prefix: those, then nothing\n"
        "then the state is 20, where g1 would get 20\n");
}

TEST_CASE("a search that would take too long is given up, and that is said", "[linearizability]") {
  std::vector<operation<registers>> calls;
  for (std::uint32_t i = 0; i < 12; ++i) {
    calls.push_back(
        call<registers>(i, registers::write(static_cast<int>(i)), 1, 9, static_cast<int>(i)));
  }
  calls.push_back(call<registers>(12, registers::read(), 10, 11, 99));
  const braid::judgement j = judge(registers{}, calls, {.states_max = 100});
  CHECK(j.answer == linearizability::undecided);
  CHECK_FALSE(j);
  CHECK_THAT(j.explanation, Catch::StartsWith("cannot tell: given up after"));
  CHECK(judge(registers{}, calls).answer == linearizability::broken);
}

// Small random histories, against every order.

// True if the calls, in this order, give their results.
template <class Model>
bool explains(const Model& model, const std::vector<operation<Model>>& all,
              const std::vector<std::size_t>& order) {
  std::map<int, typename Model::state> states;
  for (const std::size_t i : order) {
    int key = 0;
    if constexpr (requires { model.partition(all[i].what); }) key = model.partition(all[i].what);
    const auto result = model.apply(states[key], all[i].what);
    if (all[i].result && !(result == *all[i].result)) return false;
  }
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = a + 1; b < order.size(); ++b) {
      const auto& later = all[order[b]];
      if (later.result && later.returned < all[order[a]].called) return false;
    }
  }
  return true;
}

template <class Model>
bool has_some_order(const Model& model, const std::vector<operation<Model>>& all) {
  for (unsigned left_out = 0; left_out < 1U << all.size(); ++left_out) {
    std::vector<std::size_t> order;
    bool may_be_left_out = true;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool is_left_out = (left_out >> i & 1) != 0;
      if (!is_left_out) order.push_back(i);
      if (is_left_out && all[i].result) may_be_left_out = false;
    }
    if (!may_be_left_out) continue;
    do {
      if (explains(model, all, order)) return true;
    } while (std::next_permutation(order.begin(), order.end()));
  }
  return false;
}

template <class Model>
typename Model::op random_operation() {
  const int n = *rc::gen::inRange(1, 3);
  if constexpr (std::is_same_v<Model, registers>) {
    return *rc::gen::arbitrary<bool>() ? registers::write(n) : registers::read();
  } else if constexpr (std::is_same_v<Model, map>) {
    const int kind = *rc::gen::inRange(0, 3);
    return kind == 0   ? map::get(n)
           : kind == 1 ? map::put(n, *rc::gen::inRange(1, 3))
                       : map::erase(n);
  } else {
    return *rc::gen::arbitrary<bool>() ? Model::push(n) : Model::pop();
  }
}

template <class Model>
typename Model::result random_result(const typename Model::op& what) {
  const int n = *rc::gen::inRange(0, 3);
  if constexpr (std::is_same_v<Model, registers>) {
    return what.writes ? what.value : n;
  } else if constexpr (std::is_same_v<Model, map>) {
    return n == 0 ? std::nullopt : std::optional<int>(n);
  } else {
    if (what.pushes) return what.value;
    return n == 0 ? std::nullopt : std::optional<int>(n);
  }
}

// How many of the histories had which verdict.
std::map<bool, int> verdicts;

// With any results and times.
template <class Model>
std::vector<operation<Model>> random_history() {
  std::vector<operation<Model>> all;
  const auto count = *rc::gen::inRange(1, 7);
  for (int i = 0; i < count; ++i) {
    const auto what = random_operation<Model>();
    operation<Model> one{static_cast<std::uint32_t>(i), what, random_result<Model>(what)};
    one.called = 2 * static_cast<std::uint64_t>(*rc::gen::inRange(0, 10));
    one.returned = one.called + 1 + 2 * static_cast<std::uint64_t>(*rc::gen::inRange(0, 6));
    if (*rc::gen::inRange(0, 8) == 0) one.result.reset();
    all.push_back(one);
  }
  return all;
}

// One that is linearizable, but perhaps for one result.
template <class Model>
std::vector<operation<Model>> nearly_right_history() {
  auto all = braid::testing::simulated(
      Model{}, 3, static_cast<std::size_t>(*rc::gen::inRange(1, 7)),
      *rc::gen::arbitrary<std::uint64_t>(), [](auto&, int) { return random_operation<Model>(); });
  auto& changed = all[*rc::gen::inRange<std::size_t>(0, all.size())];
  if (*rc::gen::arbitrary<bool>()) changed.result = random_result<Model>(changed.what);
  return all;
}

template <class Model>
void judges_as_brute_force() {
  const Model model;
  const std::vector<operation<Model>> all =
      *rc::gen::arbitrary<bool>() ? random_history<Model>() : nearly_right_history<Model>();
  const bool expected = has_some_order(model, all);
  ++verdicts[expected];
  const braid::judgement j = judge(model, all);
  RC_ASSERT((j.answer == linearizability::holds) == expected);
  if (expected) {
    RC_ASSERT(explains(model, all, j.order));
    return;
  }
  RC_ASSERT(!j.explanation.empty());
  // The calls that were made until then, with the results that they have, or will have, do not fit.
  const auto meet = [&]([[maybe_unused]] const auto& a, [[maybe_unused]] const auto& b) {
    if constexpr (requires { model.partition(a.what); }) {
      return model.partition(a.what) == model.partition(b.what);
    } else {
      return true;
    }
  };
  std::uint64_t cut = ~0ULL;
  for (const operation<Model>& o : all) {
    const operation<Model>& last = all[*j.misplaced];
    if (meet(o, last) && o.called > last.returned) cut = std::min(cut, o.called);
  }
  std::vector<operation<Model>> until;
  for (const operation<Model>& o : all) {
    if (!meet(o, all[*j.misplaced]) || o.called >= cut) continue;
    until.push_back(o);
  }
  RC_ASSERT(!has_some_order(model, until));
}

TEST_CASE("small histories are judged as by trying every order", "[linearizability][properties]") {
  verdicts.clear();
  CHECK(rc::check("registers", judges_as_brute_force<registers>));
  CHECK(rc::check("queues", judges_as_brute_force<queue>));
  CHECK(rc::check("stacks", judges_as_brute_force<stack>));
  CHECK(rc::check("maps", judges_as_brute_force<map>));
  CHECK(verdicts[true] > 10);
  CHECK(verdicts[false] > 10);
}

}  // namespace
