// Output; see <braid/print.hpp>. The scheduler owns the streams: the event carries the text.
#include <braid/print.hpp>
#include <braid/scheduler.hpp>

namespace braid::detail {

void write_output(std::string_view text, where at) {
  const op next{.kind = op_kind::print, .argument = 1, .text = text, .at = at};
  if (!current_scheduler().before(next)) return;
  current_scheduler().after({.done = next});
}

}  // namespace braid::detail
