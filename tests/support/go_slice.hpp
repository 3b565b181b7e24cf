// Go's slices, of elements that are checked: what a slice variable holds, and what an operation of
// a slice reads and writes.
//
// A slice is a value: where it starts, and how long it is. A variable that holds one is a
// var<slice<E>>. E is a var, or a struct of vars. The elements live as long as race_suite.hpp's
// objects.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "support/race_suite.hpp"

namespace braid::testing {

template <class E>
struct slice {
  using element = E;

  E* first = nullptr;
  std::size_t length = 0;
  std::size_t capacity = 0;

  E& operator[](std::size_t i) const { return first[i]; }
  slice part(std::size_t begin, std::size_t end) const {
    return {first + begin, end - begin, capacity - begin};
  }
  E* begin() const { return first; }
  E* end() const { return first + length; }
};

template <class E>
slice<E> make_slice(std::size_t length, std::size_t capacity = 0) {
  capacity = std::max(length, capacity);
  return {shared<std::vector<E>>(capacity)->data(), length, capacity};
}

// Reads from the one and writes to the other, as many as both have.
template <class E>
void copy(const slice<E>& to, const slice<E>& from) {
  for (std::size_t i = 0; i < std::min(to.length, from.length); ++i) to[i] = from[i];
}
inline void copy(const slice<var<char>>& to, const std::string& from) {
  for (std::size_t i = 0; i < std::min(to.length, from.size()); ++i) to[i].write(from[i]);
}

// A slice that is longer by `more`, which are not written. Where there is no room, it is a copy.
template <class E>
slice<E> grown(const slice<E>& s, std::size_t more) {
  if (s.length + more <= s.capacity) return {s.first, s.length + more, s.capacity};
  const auto longer = make_slice<E>(s.length + more);
  copy(longer, s);
  return longer;
}
template <class E>
slice<E> append(const slice<E>& s, const slice<E>& tail) {
  const auto longer = grown(s, tail.length);
  copy(longer.part(s.length, longer.length), tail);
  return longer;
}
template <class T>
slice<var<T>> append_value(const slice<var<T>>& s, T last) {
  const auto longer = grown(s, 1);
  longer[s.length].write(last);
  return longer;
}

// Go's string(s): reads all elements.
template <class T>
std::basic_string<T> text_of(const slice<var<T>>& s) {
  std::basic_string<T> text;
  for (const auto& letter : s) text += letter.read();
  return text;
}

}  // namespace braid::testing
