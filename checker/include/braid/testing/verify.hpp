// Explores a function inside of a test: every ordering, or as many as a budget allows.
//
//   TEST_CASE("the lock order is one") {
//     braid::verify([] { transfer_both_ways(); });                 // with Catch2: see catch.hpp
//   }
//   const auto v = braid::verify(transfer_both_ways);              // with GoogleTest
//   EXPECT_TRUE(v.ok()) << v.text();
//   return braid::verify(transfer_both_ways).ok() ? 0 : 1;         // in a plain main
//
// A finding fails: its schedule is shrunk, and the text has the lanes, a token, and the line to
// commit. Schedules that failed before are tried first: those of `replay_first`, and the files
// *.braid in tests/regressions (or BRAID_REGRESSIONS) that name this program. A new one is kept
// there, if that folder exists and CI is not set. BRAID_REPRODUCE=TOKEN follows that one only.
//
// Executions run in this process, one exploration at a time. Where the program crashes its
// schedule is printed before the process dies; with `isolate` that is a finding like any other. A
// budget that is used up is a pass, said to be incomplete, unless BRAID_REQUIRE_COMPLETE=1.
#pragma once

#include <braid/explore.hpp>
#include <braid/panic.hpp>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace braid {

struct verify_options {
  // Of the program: in tokens and regressions. Empty: that of the test, else the place.
  std::string name = {};
  // The budget. Counted, never timed: the same test gives the same result everywhere.
  std::uint64_t runs_max = 10'000;
  std::uint64_t steps_max = 2'000'000;         // of all executions
  explore_options search = {};                 // all but the budget
  bool isolate = false;                        // a process for each execution
  std::vector<std::string> replay_first = {};  // tokens, or regressions in one word
  bool keep_failures = true;                   // as regressions
};

// What a check came to.
struct verification_facts {
  bool ok = true;
  std::string name = {};
  verdict what = verdict::ok;
  std::string headline = {};  // one line
  std::string text = {};      // all of it, if it failed
  std::string token = {};     // of the failing schedule
  std::string word = {};      // the regression in one word, with the input of a property
  std::string input = {};     // of a property, in words
  std::uint32_t preemptions = 0;
  std::uint32_t steps = 0;
  std::string kept_in = {};  // the regression file, if one was written
  bool complete = false;     // nothing was left out
  std::string why_incomplete = {};
  std::uint64_t executions = 0;
};

// A failure that neither a test framework nor the caller looks at ends the process, with its text
// and the exit code of its verdict.
class verification {
 public:
  verification(verification_facts facts, bool is_told)
      : facts_(std::move(facts)), is_seen_(is_told) {}
  verification(verification&& other) noexcept
      : facts_(std::move(other.facts_)), is_seen_(other.is_seen_) {
    other.is_seen_ = true;
  }
  verification& operator=(verification&&) = delete;
  ~verification();

  bool ok() const { return facts().ok; }
  explicit operator bool() const { return ok(); }
  const std::string& text() const { return facts().text; }
  const verification_facts& facts() const {
    is_seen_ = true;
    return facts_;
  }

 private:
  verification_facts facts_;
  mutable bool is_seen_;
};

std::ostream& operator<<(std::ostream& out, const verification& v);

// Throws std::logic_error if another exploration is under way, or from a goroutine.
verification verify(const std::function<void()>& f, const verify_options& options = {},
                    where at = {});

}  // namespace braid
