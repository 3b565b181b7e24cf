// The calls on an object while they happen, in production and under the checker.
//
//   braid::call_history<braid::queue_model<int>> calls;
//   braid::wait_group all;
//   for (int i = 1; i <= 2; ++i) {
//     all.go([&, i] { calls.observe(calls.model().push(i), [&] { queue.push(i); return i; }); });
//   }
//   calls.observe(calls.model().pop(), [&] { return queue.try_pop(); });
//   all.wait();
//   calls.check();
//
// Each observed call is written down with its result, and with a moment before it began and one
// after it had ended. In production these are tickets of one atomic counter, and an operation costs
// that and an allocation: no lock is taken, and nothing is ordered that was not (but for that
// counter). Under the checker they are operations of the program, so that the search goes through
// the orders of calls and returns as well: which call returned before which other one was made is
// what a verdict depends on, beside the results.
//
// How they depend on each other. Two calls commute, two returns commute, and a call and a return do
// not, whichever comes first. That is what wait and add are to each other on a wait group whose
// count stays 0: a call is a wait without a guard, a return an add of 0. So the search visits one
// execution for each order of calls and returns that can make a difference, and neither orders
// anything for the data race detector. (As an atomic's load and store they would be sound as well,
// but the order of returns would count: 36 orders instead of 19 for three calls.)
#pragma once

#include <array>
#include <atomic>
#include <braid/testing/linearizability.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace braid {
namespace detail {

// Announces that a call is made, or has returned, on the history `object`. False: the program is
// being abandoned.
bool come_to_call(const void* object, shown what, where at);
bool come_to_return(const void* object, shown what, where at);
// Of the running goroutine: its number under the checker, 0 for main.
std::uint32_t number_of_caller();

}  // namespace detail

template <class Model>
class call_history {
 public:
  using op = typename Model::op;
  using result = typename Model::result;

  explicit call_history(Model model = {}, where at = {}) : model_(std::move(model)) {
    if (detail::watched()) detail::report_made(this, "history", at);
  }
  call_history(const call_history&) = delete;
  call_history& operator=(const call_history&) = delete;
  ~call_history();

  const Model& model() const { return model_; }

  // Calls f(), which does `what`, and returns what it returns: the result, or nothing if that is
  // the model's result{}. If f throws, or never returns, the operation is pending: it may have
  // taken effect or not.
  template <class F>
  auto observe(op what, F&& f, where at = {}) -> std::invoke_result_t<F>;

  // Of the calls so far, in no order.
  std::vector<operation<Model>> operations() const;
  judgement judge(const judge_options& options = {}) const {
    return braid::judge(model_, operations(), options);
  }
  // Panics with a not_linearizable if the calls so far have no linearization, or if that cannot be
  // told. Under the checker that panic is the finding `not-linearizable`.
  void check(where at = {}) const {
    if (!detail::come_to_call(this, {}, at)) return;
    if (const judgement j = judge(); !j) detail::refute(j, at);
  }

 private:
  struct record {
    op what;
    std::uint32_t goroutine = 0;
    std::uint64_t called = 0;
    std::optional<result> value = {};
    std::atomic<std::uint64_t> returned = 0;  // 0: it has not; else `value` is there
    record* next = nullptr;
  };
  // Lists to which goroutines add, apart, so that they seldom meet.
  struct alignas(64) list {
    std::atomic<record*> first = nullptr;
  };

  // What reports show of a call, and of a return. Nothing of it is in a record: who is late finds
  // the history destroyed.
  struct shown_call {
    const Model& model;
    const op& what;
    const result* value = nullptr;
  };

  record* begin(const op& what, where at);
  void end(record& done, const op& what, const result& value, where at);
  static void show(const void* value, std::string& to) {
    const auto& call = *static_cast<const shown_call*>(value);
    to += call.value != nullptr ? detail::result_of_call(call.model, call.what, *call.value)
                                : detail::describe_operation(call.model, call.what);
  }

  const Model model_;
  std::atomic<std::uint64_t> clock_ = 1;
  std::array<list, 16> lists_;
};

template <class Model>
call_history<Model>::~call_history() {
  if (detail::watched()) detail::report_destroyed(this);
  for (list& l : lists_) {
    for (record* r = l.first; r != nullptr;) delete std::exchange(r, r->next);
  }
}

template <class Model>
template <class F>
auto call_history<Model>::observe(op what, F&& f, where at) -> std::invoke_result_t<F> {
  record* const one = begin(what, at);
  if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
    std::invoke(f);
    if (one != nullptr) end(*one, what, result{}, at);
  } else {
    auto value = std::invoke(f);
    if (one != nullptr) end(*one, what, value, at);
    return value;
  }
}

// Null: nothing is observed any more.
template <class Model>
auto call_history<Model>::begin(const op& what, where at) -> record* {
  const shown_call told{model_, what};
  if (!detail::come_to_call(this, {&told, show}, at)) return nullptr;
  auto* const one = new record{.what = what, .goroutine = detail::number_of_caller()};
  one->called = clock_.fetch_add(1);
  std::atomic<record*>& first = lists_[one->goroutine % lists_.size()].first;
  one->next = first;
  while (!first.compare_exchange_weak(one->next, one)) continue;
  return one;
}

template <class Model>
void call_history<Model>::end(record& done, const op& what, const result& value, where at) {
  const shown_call told{model_, what, &value};
  if (!detail::come_to_return(this, {&told, show}, at)) return;
  done.value.emplace(value);
  done.returned = clock_.fetch_add(1);
}

template <class Model>
std::vector<operation<Model>> call_history<Model>::operations() const {
  std::vector<operation<Model>> all;
  for (const list& l : lists_) {
    for (const record* r = l.first; r != nullptr; r = r->next) {
      const std::uint64_t returned = r->returned;
      all.push_back({.goroutine = r->goroutine,
                     .what = r->what,
                     .result = returned == 0 ? std::nullopt : r->value,
                     .called = r->called,
                     .returned = returned});
    }
  }
  return all;
}

}  // namespace braid
