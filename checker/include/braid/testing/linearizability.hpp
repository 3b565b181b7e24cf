// Linearizability: whether overlapping calls can be put into one order that a sequential model
// explains, each at a point between its call and its return (Herlihy, Wing, TOPLAS'90).
//
// A model is a struct that says what operations do, one after another:
//
//   struct register_model {
//     using state = int;
//     struct op { bool writes = false; int value = 0; };
//     using result = int;
//     result apply(state& s, const op& o) const { return o.writes ? s = o.value : s; }
//     std::string describe(const op& o) const { return o.writes ? "write" : "read"; }
//   };
//
//   const braid::judgement j = braid::judge(register_model{}, operations);
//   if (!j) std::cout << j.explanation;
//
// <braid/testing/models.hpp> has models of common objects, <braid/testing/observe.hpp> records the
// operations of a running program. What a model may say besides:
//
//   state initial() const;                    // else state{}
//   std::size_t hash(const state&) const;     // else std::hash, or of the elements
//   std::string describe(const op&) const;    // else operator<<
//   std::string describe_result(const op&, const result&) const;  // else that; empty: not shown
//   Key partition(const op&) const;           // operations of different keys do not meet: they are
//                                             // judged apart (P-compositionality)
//   bool observes(const op&, const result&) const;  // one that has this result never changes the
//                                             // state, wherever it comes: then it costs nothing
//   std::optional<Key> token(const op&, const std::optional<result>&) const;
//                                             // which of the things that are put in and taken out
//                                             // it handles: see checker/README.md
//
// `apply` must be a function of its arguments.
#pragma once

#include <algorithm>
#include <braid/braid.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace braid {

// One call. Times are of any clock: of two calls that do not overlap the first must be seen to
// return before the other is called.
template <class Model>
struct operation {
  std::uint32_t goroutine = 0;  // its lane; 0 is shown as main
  typename Model::op what;
  std::optional<typename Model::result> result = {};  // none: it has not returned, and may have
                                                      // taken effect or not
  std::uint64_t called = 0;
  std::uint64_t returned = 0;  // if it has a result
};

enum class linearizability : std::uint8_t {
  holds,
  broken,
  undecided,  // the search was given up: too many states
};

struct judgement {
  linearizability answer = linearizability::holds;
  // Of a history that is not linearizable: a part of it that shows so, as lanes, the longest prefix
  // that can be put into an order, and the operation that cannot be placed.
  std::string explanation = {};
  std::uint64_t states = 0;  // that the search looked at: pairs of a set of operations and a state
  // Positions in the history: a linearization or, of a part that has none, the longest prefix.
  std::vector<std::size_t> order = {};
  std::optional<std::size_t> misplaced = {};  // the operation after which nothing fits

  explicit operator bool() const { return answer == linearizability::holds; }
};

struct judge_options {
  std::uint64_t states_max = 4'000'000;  // of each part that is judged apart; 32 bytes each
};

// What call_history::check() throws.
class not_linearizable : public panic_error {
 public:
  not_linearizable(std::string text, std::string explanation, where at)
      : panic_error(std::move(text), at), explanation_(std::move(explanation)) {}
  const std::string& explanation() const noexcept { return explanation_; }

 private:
  std::string explanation_;
};

namespace detail {

// Ends a check that failed: under the checker the panic is the finding `not-linearizable`.
[[noreturn]] void refute(const judgement& failed, where at);

struct timed_call {
  std::uint32_t goroutine = 0;
  bool is_pending = false;
  bool observes = false;  // it changes nothing
  std::uint64_t called = 0;
  std::uint64_t returned = 0;
  std::optional<std::uint32_t> token = {};
};

// A model with the calls of one history, as the search sees them: both are numbers.
class numbered_model {
 public:
  static constexpr std::uint32_t mismatch = 0xffffffff;
  virtual ~numbered_model() = default;
  virtual std::uint32_t initial() = 0;
  // The state after the call, or mismatch if its result is another one.
  virtual std::uint32_t apply(std::uint32_t state, std::uint32_t call) = 0;
  virtual std::string describe_state(std::uint32_t state) = 0;
  virtual std::string describe_call(std::uint32_t call) = 0;
  // What the call would return there.
  virtual std::string describe_result(std::uint32_t state, std::uint32_t call) = 0;
};

judgement judge_calls(std::span<const timed_call> calls, numbered_model& model,
                      const judge_options& options);

// Values in words and as numbers: of what models are made of.

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
concept pair_like = requires(const T& t) {
  t.first;
  t.second;
};
template <class T>
concept hashable = requires(const T& t) {
  { std::hash<T>{}(t) } -> std::convertible_to<std::size_t>;
};

template <class T>
void tell(std::string& to, const T& value) {
  if constexpr (std::is_same_v<T, std::monostate>) {
    (void)value;
  } else if constexpr (is_optional<T>) {
    value ? tell(to, *value) : void(to += "nothing");
  } else if constexpr (pair_like<T>) {
    tell(to, value.first);
    to += ':';
    tell(to, value.second);
  } else if constexpr (std::is_enum_v<T>) {
    tell(to, static_cast<long long>(value));
  } else if constexpr (std::convertible_to<const T&, std::string_view> || streamable<T>) {
    append(to, value);
  } else if constexpr (std::ranges::range<const T>) {
    to += '[';
    for (const char* gap = ""; const auto& one : value) {
      to += std::exchange(gap, " ");
      tell(to, one);
    }
    to += ']';
  } else {
    to += '?';
  }
}

inline void stir(std::size_t& hash, std::size_t with) {
  hash = (hash ^ with) * 0x9e3779b97f4a7c15;
  hash ^= hash >> 32;
}

template <class T>
std::size_t hash_of_value(const T& value) {
  std::size_t hash = 0;
  if constexpr (hashable<T>) {
    hash = std::hash<T>{}(value);
  } else if constexpr (pair_like<T>) {
    stir(hash, hash_of_value(value.first));
    stir(hash, hash_of_value(value.second));
  } else {
    static_assert(std::ranges::range<const T>,
                  "the model needs a hash(state), or its state a std::hash");
    for (const auto& one : value) stir(hash, hash_of_value(one));
    stir(hash, 1);
  }
  return hash;
}

template <class Model>
std::string describe_operation(const Model& model, const typename Model::op& what) {
  std::string text;
  if constexpr (requires { model.describe(what); }) {
    text = model.describe(what);
  } else {
    tell(text, what);
  }
  return text;
}

template <class Model>
std::string result_of_call(const Model& model, const typename Model::op& what,
                           const typename Model::result& result) {
  std::string text;
  if constexpr (requires { model.describe_result(what, result); }) {
    text = model.describe_result(what, result);
  } else {
    tell(text, result);
  }
  return text;
}
inline std::string with_result(const std::string& what, const std::string& result) {
  return result.empty() ? what : what + " -> " + result;
}

// Numbers states in the order in which they are first seen, and calls by their places in a part of
// the history.
template <class Model>
class numbered final : public numbered_model {
 public:
  using state = typename Model::state;

  numbered(const Model& model, std::span<const operation<Model>> all,
           std::span<const std::size_t> part)
      : model_(model), all_(all), part_(part) {}

  std::uint32_t initial() override {
    if constexpr (requires { model_.initial(); }) {
      return number_of(model_.initial());
    } else {
      return number_of(state{});
    }
  }
  std::uint32_t apply(std::uint32_t from, std::uint32_t call) override {
    state s = states_[from];
    const auto& done = all_[part_[call]];
    const auto result = model_.apply(s, done.what);
    if (done.result && !(result == *done.result)) return mismatch;
    return number_of(std::move(s));
  }
  std::string describe_state(std::uint32_t number) override {
    std::string text;
    tell(text, states_[number]);
    return text;
  }
  std::string describe_call(std::uint32_t call) override {
    const auto& done = all_[part_[call]];
    const std::string what = describe_operation(model_, done.what);
    return done.result ? with_result(what, result_of_call(model_, done.what, *done.result)) : what;
  }
  std::string describe_result(std::uint32_t from, std::uint32_t call) override {
    state s = states_[from];
    const auto& what = all_[part_[call]].what;
    return result_of_call(model_, what, model_.apply(s, what));
  }

 private:
  std::uint32_t number_of(state s) {
    if (states_.size() * 2 >= places_.size()) grow();
    const std::size_t hash = hash_of(s);
    std::size_t i = hash & (places_.size() - 1);
    for (; places_[i] != 0; i = (i + 1) & (places_.size() - 1)) {
      if (hashes_[places_[i] - 1] == hash && states_[places_[i] - 1] == s) return places_[i] - 1;
    }
    states_.push_back(std::move(s));
    hashes_.push_back(hash);
    places_[i] = static_cast<std::uint32_t>(states_.size());
    return places_[i] - 1;
  }
  std::size_t hash_of(const state& s) const {
    std::size_t hash = 0;
    if constexpr (requires { model_.hash(s); }) {
      hash = model_.hash(s);
    } else {
      hash = hash_of_value(s);
    }
    std::size_t stirred = 0;
    stir(stirred, hash);
    return stirred;
  }
  void grow() {
    places_.assign(std::max<std::size_t>(64, places_.size() * 2), 0);
    for (std::uint32_t n = 0; n < states_.size(); ++n) {
      std::size_t i = hashes_[n] & (places_.size() - 1);
      while (places_[i] != 0) i = (i + 1) & (places_.size() - 1);
      places_[i] = n + 1;
    }
  }

  const Model& model_;
  const std::span<const operation<Model>> all_;
  const std::span<const std::size_t> part_;
  std::vector<state> states_;
  std::vector<std::size_t> hashes_;
  std::vector<std::uint32_t> places_;  // open addressing: numbers plus 1; 0: empty
};

// The positions of each part that can be judged apart, in the order of their first operations.
template <class Model>
std::vector<std::vector<std::size_t>> parts_of(const Model& model,
                                               std::span<const operation<Model>> all) {
  std::vector<std::vector<std::size_t>> parts;
  if constexpr (requires { model.partition(all[0].what); }) {
    std::map<std::decay_t<decltype(model.partition(all[0].what))>, std::size_t> known;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto [place, is_new] = known.try_emplace(model.partition(all[i].what), parts.size());
      if (is_new) parts.emplace_back();
      parts[place->second].push_back(i);
    }
  } else {
    parts.emplace_back();
    for (std::size_t i = 0; i < all.size(); ++i) parts.back().push_back(i);
  }
  return parts;
}

template <class Model>
std::vector<timed_call> calls_of(const Model& model, std::span<const operation<Model>> all,
                                 std::span<const std::size_t> part) {
  std::vector<timed_call> calls;
  for (const std::size_t i : part) {
    const operation<Model>& o = all[i];
    calls.push_back({.goroutine = o.goroutine,
                     .is_pending = !o.result,
                     .called = o.called,
                     .returned = o.returned});
    if constexpr (requires { model.observes(o.what, *o.result); }) {
      calls.back().observes = o.result && model.observes(o.what, *o.result);
    }
  }
  if constexpr (requires { model.token(all[0].what, all[0].result); }) {
    std::map<std::decay_t<decltype(*model.token(all[0].what, all[0].result))>, std::uint32_t> known;
    for (std::size_t k = 0; k < part.size(); ++k) {
      const auto token = model.token(all[part[k]].what, all[part[k]].result);
      if (!token) continue;
      calls[k].token =
          known.try_emplace(*token, static_cast<std::uint32_t>(known.size())).first->second;
    }
  }
  return calls;
}

// Orders of parts, one after another, become one order of all. In its part a call took effect at
// the latest when it and those before it had been called: that is before it returned.
template <class Model>
void put_in_time(std::vector<std::size_t>& order, std::span<const operation<Model>> all,
                 const std::vector<std::vector<std::size_t>>& parts) {
  if (parts.size() == 1) return;
  std::vector<std::size_t> part_of(all.size());
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (const std::size_t i : parts[p]) part_of[i] = p;
  }
  std::vector<std::uint64_t> latest(parts.size());
  std::vector<std::pair<std::uint64_t, std::size_t>> timed;
  for (const std::size_t i : order) {
    std::uint64_t& time = latest[part_of[i]];
    time = std::max(time, all[i].called);
    timed.emplace_back(time, i);
  }
  std::stable_sort(timed.begin(), timed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = timed[k].second;
}

}  // namespace detail

// Judges a history whose operations are in any order. The explanation is of the first part that
// fails.
template <class Model>
judgement judge(const Model& model, std::span<const operation<Model>> all,
                const judge_options& options = {}) {
  judgement whole;
  const std::vector<std::vector<std::size_t>> parts = detail::parts_of(model, all);
  for (const std::vector<std::size_t>& part : parts) {
    detail::numbered<Model> numbers(model, all, part);
    judgement one = detail::judge_calls(detail::calls_of(model, all, part), numbers, options);
    whole.states += one.states;
    if (one.answer == linearizability::broken) whole.order.clear();
    for (const std::size_t call : one.order) whole.order.push_back(part[call]);
    if (one.answer == linearizability::holds) continue;
    if (whole.answer == linearizability::holds || one.answer == linearizability::broken) {
      whole.answer = one.answer;
      whole.explanation = std::move(one.explanation);
    }
    if (one.misplaced) whole.misplaced = part[*one.misplaced];
    if (whole.answer == linearizability::broken) break;
  }
  if (whole.answer == linearizability::holds) detail::put_in_time(whole.order, all, parts);
  return whole;
}
template <class Model>
judgement judge(const Model& model, const std::vector<operation<Model>>& all,
                const judge_options& options = {}) {
  return judge(model, std::span<const operation<Model>>(all), options);
}

}  // namespace braid
