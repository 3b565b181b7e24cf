// What this_goroutine::exit() throws. Not a std::exception: code that catches those must not see
// it.
//
// Whoever ends a goroutine disarms it. An armed one that is destroyed was caught by a `catch (...)`
// of the user's that does not rethrow: the goroutine would go on after its end.
#pragma once

#include <braid/goroutine.hpp>
#include <braid/panic.hpp>
#include <braid/where.hpp>
#include <utility>

namespace braid::detail {

class goroutine_exit {
 public:
  explicit goroutine_exit(where at) : at_(at) {}
  goroutine_exit(const goroutine_exit& other)
      : at_(other.at_), is_armed_(std::exchange(other.is_armed_, false)) {}
  goroutine_exit& operator=(const goroutine_exit&) = delete;
  ~goroutine_exit() {
    // In an abandoned goroutine it was the end of the program that came in between.
    if (!is_armed_ || goroutine::current().is_abandoned()) return;
    fatal("this_goroutine::exit() was caught and not rethrown: rethrow it in catch (...)", at_);
  }

  where disarm() const {
    is_armed_ = false;
    return at_;
  }

 private:
  where at_;
  mutable bool is_armed_ = true;
};

}  // namespace braid::detail
