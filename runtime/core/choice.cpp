// choose() and random(); see <braid/choice.hpp>.
#include <braid/choice.hpp>
#include <braid/panic.hpp>
#include <braid/scheduler.hpp>

namespace braid {

std::uint32_t choose(std::uint32_t n, where at) {
  if (n == 0) throw runtime_panic("choose: there is nothing to choose from", at);
  const op next{.kind = op_kind::choose, .argument = n, .at = at};
  if (detail::watched() && !detail::announce(next)) return 0;
  const std::uint32_t chosen = n == 1 ? 0 : current_scheduler().choose(n);
  if (detail::watched()) detail::report({.done = next, .result = chosen});
  return chosen;
}

std::uint64_t random() { return current_scheduler().random(); }

}  // namespace braid
