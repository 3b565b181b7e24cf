// All outcomes of a function, to be compared with those that are expected.
//
//   CHECK(braid::outcomes(f) == braid::outcome_set{"foo\n", {"bar\n", "deadlock"}});
//
// What differs is printed with a token, and with the command that follows it alone: then outcomes()
// has that outcome only, which is compared by whether it is among those that are expected.
#pragma once

#include <braid/testing/verify.hpp>
#include <initializer_list>
#include <iosfwd>
#include <set>

namespace braid {

// What is written to stdout, and how it ends unless that is ok.
class outcome_set {
 public:
  outcome_set(std::initializer_list<expected_outcome> all) : all_(all) {}
  const std::set<expected_outcome>& all() const { return all_; }

 private:
  std::set<expected_outcome> all_;
};

class explored_outcomes {
 public:
  // `is_one`: a single schedule was followed.
  explicit explored_outcomes(report found, bool is_one = false)
      : found_(std::move(found)), is_one_(is_one) {}

  const report& found() const { return found_; }
  // Of an incomplete search, equal as far as it went; never under BRAID_REQUIRE_COMPLETE=1.
  friend bool operator==(const explored_outcomes& a, const outcome_set& b) { return a.are(b); }
  friend bool operator==(const outcome_set& a, const explored_outcomes& b) { return b.are(a); }
  // What was missing and unexpected in the last comparison, or all of them.
  friend std::ostream& operator<<(std::ostream& out, const explored_outcomes& o);

 private:
  bool are(const outcome_set& expected) const;

  report found_;
  bool is_one_;
  mutable std::set<expected_outcome> compared_;
  mutable bool is_compared_ = false;
};

std::ostream& operator<<(std::ostream& out, const outcome_set& o);

// Within the budget of verify(). Findings are outcomes like others.
explored_outcomes outcomes(const std::function<void()>& f, const verify_options& options = {},
                           where at = {});

}  // namespace braid
