// Sequential models of common objects, for judge(), call_history and parallel_check().
//
// Their operations are made by functions of the model: queue_model<int>::push(1), ::pop(). Where an
// operation may find nothing, or no room, its result is an optional, as that of try_pop() often is.
#pragma once

#include <braid/testing/linearizability.hpp>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace braid {

// Something that is written and read.
template <class T>
struct register_model {
  using state = T;
  struct op {
    bool writes = false;
    T value = {};
  };
  using result = T;  // what is there afterwards

  static op write(T value) { return {true, std::move(value)}; }
  static op read() { return {}; }

  result apply(state& s, const op& o) const { return o.writes ? s = o.value : s; }
  bool observes(const op& o, const result&) const { return !o.writes; }
  std::string describe(const op& o) const {
    std::string text = o.writes ? "write " : "read";
    if (o.writes) detail::tell(text, o.value);
    return text;
  }
  std::string describe_result(const op& o, const result& r) const {
    std::string text;
    if (!o.writes) detail::tell(text, r);
    return text;
  }
};

// fetch_add, and a read as one of 0.
template <class T>
struct counter_model {
  using state = T;
  using op = T;      // how much is added
  using result = T;  // what was there before

  result apply(state& s, const op& o) const { return std::exchange(s, s + o); }
  bool observes(const op& o, const result&) const { return o == T{}; }
  std::string describe(const op& o) const {
    std::string text = "add ";
    detail::tell(text, o);
    return text;
  }
};

namespace detail {

template <class T>
T take_first(std::deque<T>& from) {
  T first = std::move(from.front());
  from.pop_front();
  return first;
}

template <class T>
T take_last(std::vector<T>& from) {
  T last = std::move(from.back());
  from.pop_back();
  return last;
}

}  // namespace detail

// What queues and stacks have in common: all but which one a pop takes. The result of a push is
// what went in, or nothing if there was no room; that of a pop is what came out, or nothing if
// nothing was there.
template <class T, class State, T (*take)(State& from)>
struct container_model {
  using state = State;
  struct op {
    bool pushes = false;
    T value = {};
  };
  using result = std::optional<T>;

  static op push(T value) { return {true, std::move(value)}; }
  static op pop() { return {}; }

  result apply(state& s, const op& o) const {
    if (!o.pushes) return s.empty() ? result() : take(s);
    if (s.size() >= capacity) return std::nullopt;
    s.push_back(o.value);
    return o.value;
  }
  bool observes(const op&, const result& r) const { return !r; }  // full, or empty
  std::string describe(const op& o) const {
    std::string text = o.pushes ? "push " : "pop";
    if (o.pushes) detail::tell(text, o.value);
    return text;
  }
  std::string describe_result(const op& o, const result& r) const {
    if (o.pushes) return r ? "" : "full";
    std::string text;
    r ? detail::tell(text, *r) : void(text = "empty");
    return text;
  }
  // Of the one that is pushed or popped, if that is known.
  std::optional<T> token(const op& o, const std::optional<result>& r) const {
    if (!r) return o.pushes ? std::optional<T>(o.value) : std::nullopt;
    return *r;
  }

  std::size_t capacity = std::numeric_limits<std::size_t>::max();
};

// First in, first out.
template <class T>
struct queue_model : container_model<T, std::deque<T>, detail::take_first<T>> {};

// Last in, first out.
template <class T>
struct stack_model : container_model<T, std::vector<T>, detail::take_last<T>> {};

// A map, judged key by key: the state is what one key has.
template <class Key, class T>
struct map_model {
  enum class act { get, put, erase };
  using state = std::optional<T>;
  struct op {
    act what = act::get;
    Key key = {};
    T value = {};
  };
  using result = std::optional<T>;  // what the key had before

  static op get(Key key) { return {act::get, std::move(key), {}}; }
  static op put(Key key, T value) { return {act::put, std::move(key), std::move(value)}; }
  static op erase(Key key) { return {act::erase, std::move(key), {}}; }

  result apply(state& s, const op& o) const {
    if (o.what == act::get) return s;
    return std::exchange(s, o.what == act::put ? state(o.value) : std::nullopt);
  }
  Key partition(const op& o) const { return o.key; }
  bool observes(const op& o, const result& r) const {
    return o.what == act::get || (o.what == act::erase && !r);
  }
  std::string describe(const op& o) const {
    std::string text = o.what == act::get ? "get " : o.what == act::put ? "put " : "erase ";
    detail::tell(text, o.key);
    if (o.what == act::put) detail::tell(text += '=', o.value);
    return text;
  }
};

}  // namespace braid
