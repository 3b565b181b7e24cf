// What braid's checks tell the test framework that runs them.
//
// None is needed: then verify() hands back its result, and expect() keeps what failed.
// <braid/testing/catch.hpp> is the one for Catch2.
#pragma once

#include <braid/panic.hpp>
#include <string>
#include <vector>

namespace braid {

// A check that failed, for people.
struct test_failure {
  std::string headline = {};  // short, one line
  std::string text = {};      // all of it; ends with a newline; empty if the headline says it all
  where at = where::unknown();
};

class test_framework {
 public:
  virtual ~test_framework() = default;

  // All are called on the thread that runs the test, outside of any explored program.
  // The running test, as its user would select it; empty if none runs.
  virtual std::string test_name() = 0;
  // How to run it again: words of a command line, such as a filter.
  virtual std::vector<std::string> arguments_of_test() = 0;
  virtual void passed(where at) = 0;
  virtual void failed(const test_failure& what) = 0;
  // A line that people should see though nothing failed.
  virtual void note(const std::string& line) = 0;
  // A text that people should see, line by line as it is, if the running test fails, by whatever
  // assertion. False: it will not be shown.
  virtual bool show_if_failed(const std::string& text) = 0;
};

// Installs one, or none by null, and returns what was.
test_framework* use_test_framework(test_framework* installed);
test_framework* current_test_framework();

// BRAID_REPRODUCE, if it is set and no check so far was of its program; else empty.
std::string unused_reproduction();

}  // namespace braid
