// The operations of a call_history, and a check that fails; see <braid/testing/observe.hpp>.
#include <braid/testing/observe.hpp>

#include "lockstep/lockstep.hpp"

namespace braid {
namespace {

// The panic's text is the same whatever the history: so the executions that fail are one outcome.
constexpr std::string_view broken = "the history is not linearizable";
constexpr std::string_view undecided = "cannot tell whether the history is linearizable";

bool come_to(const op& next) {
  if (!detail::announce(next)) return false;
  detail::report({.done = next});
  return true;
}

}  // namespace

bool detail::come_to_call(const void* object, shown what, where at) {
  if (!watched()) return true;
  return come_to(
      {.kind = op_kind::wait, .object = object, .text = "call", .value = what, .at = at});
}

bool detail::come_to_return(const void* object, shown what, where at) {
  if (!watched()) return true;
  return come_to(
      {.kind = op_kind::add, .object = object, .text = "return", .value = what, .at = at});
}

std::uint32_t detail::number_of_caller() {
  const std::uint64_t id = goroutine::current().id;
  return id == 0 ? 0 : static_cast<std::uint32_t>(id - 1);
}

void detail::refute(const judgement& failed, where at) {
  auto* const checker = dynamic_cast<lockstep*>(&current_scheduler());
  if (failed.answer == linearizability::undecided) {
    throw panic_error(std::string(undecided) + ": " + failed.explanation, at);
  }
  if (checker != nullptr) checker->refuted(failed.explanation);
  throw not_linearizable(
      std::string(broken) + (checker != nullptr ? "" : ": " + failed.explanation),
      failed.explanation, at);
}

bool lockstep::is_refutation(std::string_view panic) const {
  return !refutation_.empty() && panic.starts_with(broken);
}

}  // namespace braid
