// One property under test: what verify() and prop() have in common, whatever the input is.
//
// An examination holds the process's one place for explorations. It remembers the last schedule
// that failed by stable names, so that another program (a property with a smaller input) can be
// tried with it first.
#pragma once

#include <braid/regression.hpp>
#include <braid/testing/verify.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace braid {
class sole_explorer;
struct in_process;
}  // namespace braid

namespace braid::detail {

// The command that runs this test with BRAID_REPRODUCE.
std::string command_with(const std::string& word);
// As test_framework::show_if_failed(); false without a framework.
bool show_if_failed(const std::string& text);

class examination {
 public:
  using body = std::function<void()>;

  // A schedule that failed before.
  struct old_failure {
    regression by = {};
    std::string token = {};   // instead, if it is one
    std::string origin = {};  // where it comes from, for people
    bool is_only = false;     // nothing else is asked for
  };

  examination(const verify_options& options, where at);
  examination(const examination&) = delete;
  examination& operator=(const examination&) = delete;
  ~examination();

  const std::string& name() const { return name_; }
  // Those to be tried first. One of BRAID_REPRODUCE that is of this program comes alone. Of a
  // property (`with_input`) are only those that say from which input.
  std::vector<old_failure> old_failures(bool has_input = false) const;
  static constexpr bool with_input = true;

  // True if the program fails when this schedule is followed. What does not fit is left out, and
  // said.
  bool fails_by(const body& f, const old_failure& old);
  // Explores with a share of the budget that is left, one in so many.
  bool fails(const body& f, std::uint64_t share);
  // What one schedule comes to. If the test fails its lanes are shown.
  braid::report follow_alone(const body& f, const old_failure& old);
  // All that the program can come to, within the budget.
  braid::report explore_all(const body& f);
  // True if a smaller program fails in the same way: by the last schedule that failed, or by some
  // other one, within the budget for shrinking.
  bool still_fails(const body& f);
  // Shrinks the last schedule that failed. REQUIRES: has_failed(), of this program.
  void shrink(const body& f);
  bool has_failed() const { return failure_.has_value(); }

  void use_input(std::string word, std::string shown);
  void note(const std::string& line) const;
  // The end: tells the framework.
  verification conclude(const body& f);
  // The same, of a failure that no schedule shows.
  verification conclude_failed(std::string headline, std::string text);

 private:
  old_failure from_word(const std::string& word, std::string origin, bool has_input) const;
  explore_options searching(std::uint64_t runs, std::uint64_t steps) const;
  braid::report follow_old(const body& f, const old_failure& old);
  bool search(const body& f, std::uint64_t runs, std::uint64_t steps, std::optional<verdict> as);
  bool remember(const body& f, const braid::report& r, std::optional<verdict> as);
  program program_of(const body& f) const { return {name_, f}; }
  std::string drawing_of(const body& f, const std::string& token) const;
  std::string full_text(const body& f) const;
  verification tell();

  const verify_options& options_;
  where at_;
  std::string name_;
  std::unique_ptr<sole_explorer> mine_;
  std::unique_ptr<in_process> guard_;  // unless executions are apart
  std::uint64_t runs_left_;
  std::uint64_t steps_left_;
  std::uint64_t shrinking_runs_left_;
  verification_facts facts_;
  std::optional<regression> failure_;
  std::string origin_;  // of the failing schedule, if it is an old one
  bool is_new_ = true;
};

}  // namespace braid::detail
