// What the programs of this folder share: assertions, threads that are joined, expected endings.
#pragma once

#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <initializer_list>
#include <memory>
#include <utility>

namespace sct {

// An assertion of the program: panics with `text` unless it holds.
inline void require(bool holds, const char* text, braid::where at = {}) {
  if (!holds) braid::panic(text, at);
}

// A known number of goroutines that are started one by one and joined together. Copies stand for
// the same goroutines, which do not depend on whether main's copy still exists.
class threads {
 public:
  explicit threads(int count, braid::where at = {})
      : running_(std::make_shared<braid::wait_group>(at)) {
    running_->add(count, at);
  }

  template <class F>
  void start(F body, braid::where at = {}) {
    braid::go(
        [running = running_, body = std::move(body), at]() mutable {
          body();
          running->done(at);
        },
        at);
  }
  void join(braid::where at = {}) { running_->wait(at); }

 private:
  std::shared_ptr<braid::wait_group> running_;
};

// A program that writes nothing and ends in one of these ways. None is marked as exhaustible:
// tests/checker/sct_test.cpp explores those that are small.
inline braid::scenario_options ends(std::initializer_list<const char*> verdicts) {
  braid::scenario_options options{.expected = {}, .exhaustible = false};
  for (const char* verdict : verdicts) options.expected.emplace_back("", verdict);
  return options;
}

}  // namespace sct
