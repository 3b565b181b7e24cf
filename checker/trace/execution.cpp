// One execution; see execution.hpp.
#include "trace/execution.hpp"

namespace braid {
namespace {

// Address space, not memory: a decision is 24 bytes, and a step takes at most a few.
constexpr std::size_t decisions_max = std::size_t{1} << 24;
constexpr std::size_t output_max = std::size_t{64} << 20;

}  // namespace

execution::execution()
    : facts_(1), decisions_(decisions_max), output_(output_max), errors_(output_max) {
  facts_.push({});
}

void execution::clear(std::uint64_t run) {
  facts() = summary{.run = run};
  decisions_.clear();
  output_.clear();
  errors_.clear();
}

void execution::add(verdict v) {
  verdict_set set = verdicts();
  set.add(v);
  facts().verdict_bits = set.bits();
}

void execution::crashed(int signal) {
  if (facts().has_ended) {
    facts().run_on_cut = facts().run_on_died = true;
    return;
  }
  add(verdict::crash);
  facts().exit_code = signal;
}

void execution::overflowed() {
  if (!facts().has_ended) printed_error(stack_overflow_line);
}

void execution::hung() {
  facts().has_hung = true;
  if (!facts().has_ended) return add(verdict::steps);
  facts().run_on_cut = facts().run_on_died = true;
}

}  // namespace braid
