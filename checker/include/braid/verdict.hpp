// What is wrong with an execution, if anything, and the exit codes that say so.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace braid {

// In the order of their exit codes.
enum class verdict : std::uint8_t {
  ok,
  exit,  // the program called exit(n): an outcome, no finding
  panic,
  fatal,
  deadlock,
  race,
  leak,
  livelock,
  not_linearizable,
  mismatch,
  nondeterministic,
  crash,
  steps,  // cut by the step limit: no finding, but the report is incomplete
};
inline constexpr int verdict_count = 13;

std::string_view name_of(verdict v);
std::optional<verdict> verdict_named(std::string_view name);

// The exit code of the command line that reports it; 0 for those that are no finding.
int exit_code_of(verdict v);
inline bool is_finding(verdict v) { return exit_code_of(v) != 0; }

// A set of verdicts.
class verdict_set {
 public:
  void add(verdict v) { bits_ |= bit(v); }
  bool has(verdict v) const { return (bits_ & bit(v)) != 0; }
  bool has_finding() const;
  // The first by exit code; findings before the rest; ok if there is none.
  verdict lowest() const;
  std::vector<verdict> all() const;
  std::uint32_t bits() const { return bits_; }
  static verdict_set of_bits(std::uint32_t bits) {
    verdict_set set;
    set.bits_ = bits;
    return set;
  }
  friend bool operator==(verdict_set, verdict_set) = default;

 private:
  static std::uint32_t bit(verdict v) { return 1U << static_cast<unsigned>(v); }
  std::uint32_t bits_ = 0;
};

}  // namespace braid
