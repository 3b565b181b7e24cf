// Output of goroutines: one write per call in production, captured under the checker.
#pragma once

#include <braid/show.hpp>
#include <braid/where.hpp>
#include <string>
#include <string_view>

namespace braid {
namespace detail {

void write_output(std::string_view text, where at);

template <class... T>
void print_line(where at, const T&... values) {
  std::string line;
  [[maybe_unused]] const char* separator = "";
  ((line += separator, append(line, values), separator = " "), ...);
  line += '\n';
  write_output(line, at);
}

template <class... T>
void print_text(where at, const T&... values) {
  std::string text;
  (append(text, values), ...);
  write_output(text, at);
}

}  // namespace detail

// println: the values with spaces between them and a newline, as Go's fmt.Println.
// print: the values with nothing between them. Both write to stdout, in one piece.
// Overloads of fixed arity, so that the place of the call is known.
inline void println(where at = {}) { detail::print_line(at); }
template <class A>
void println(const A& a, where at = {}) {
  detail::print_line(at, a);
}
template <class A, class B>
void println(const A& a, const B& b, where at = {}) {
  detail::print_line(at, a, b);
}
template <class A, class B, class C>
void println(const A& a, const B& b, const C& c, where at = {}) {
  detail::print_line(at, a, b, c);
}
template <class A, class B, class C, class D>
void println(const A& a, const B& b, const C& c, const D& d, where at = {}) {
  detail::print_line(at, a, b, c, d);
}
template <class A, class B, class C, class D, class E>
void println(const A& a, const B& b, const C& c, const D& d, const E& e, where at = {}) {
  detail::print_line(at, a, b, c, d, e);
}
template <class A, class B, class C, class D, class E, class F>
void println(const A& a, const B& b, const C& c, const D& d, const E& e, const F& f,
             where at = {}) {
  detail::print_line(at, a, b, c, d, e, f);
}

template <class A>
void print(const A& a, where at = {}) {
  detail::print_text(at, a);
}
template <class A, class B>
void print(const A& a, const B& b, where at = {}) {
  detail::print_text(at, a, b);
}
template <class A, class B, class C>
void print(const A& a, const B& b, const C& c, where at = {}) {
  detail::print_text(at, a, b, c);
}
template <class A, class B, class C, class D>
void print(const A& a, const B& b, const C& c, const D& d, where at = {}) {
  detail::print_text(at, a, b, c, d);
}
template <class A, class B, class C, class D, class E>
void print(const A& a, const B& b, const C& c, const D& d, const E& e, where at = {}) {
  detail::print_text(at, a, b, c, d, e);
}
template <class A, class B, class C, class D, class E, class F>
void print(const A& a, const B& b, const C& c, const D& d, const E& e, const F& f, where at = {}) {
  detail::print_text(at, a, b, c, d, e, f);
}

}  // namespace braid
