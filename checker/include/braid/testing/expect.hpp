// An assertion for goroutines: those of test frameworks belong to the test's own thread.
//
//   braid::go([&] { braid::expect(sum.load() == 10, "nothing is lost"); });
//
// In an explored program one that fails ends the execution as a panic does, whoever would catch
// it: a finding, with its place. In production it is kept, and the program goes on; the framework
// fails the test on its own thread, with <braid/testing/catch.hpp> at the end of the section.
// Without a framework ask failed_expectations(); if nobody does, the process prints them when it
// exits and ends with 1.
#pragma once

#include <braid/panic.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace braid {

void expect(bool condition, std::string_view text, where at = {});

struct failed_expectation {
  std::string text;
  where at = where::unknown();
};

// Those of production since the last call.
std::vector<failed_expectation> failed_expectations();

}  // namespace braid
