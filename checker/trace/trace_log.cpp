// The events of one execution; see trace_log.hpp.
#include "trace/trace_log.hpp"

namespace braid {
namespace {

constexpr std::size_t items_max = std::size_t{1} << 22;  // of address space

}  // namespace

trace_log::trace_log()
    : events(items_max),
      accesses(items_max),
      links(items_max),
      choices(items_max),
      pending(items_max) {}

void trace_log::clear() {
  events.clear();
  accesses.clear();
  links.clear();
  choices.clear();
  pending.clear();
}

}  // namespace braid
