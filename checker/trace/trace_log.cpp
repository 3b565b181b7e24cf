// The events of one execution; see trace_log.hpp.
#include "trace/trace_log.hpp"

namespace braid {
namespace {

constexpr std::size_t items_max = std::size_t{1} << 22;  // of address space

}  // namespace

trace_log::trace_log()
    : events(items_max),
      pending(items_max),
      accesses(items_max),
      links(items_max),
      choices(items_max),
      held(items_max),
      processes(items_max),
      deaths(items_max),
      armings(items_max),
      changed_from(1),
      writings(1) {
  changed_from.push(0);
  writings.push(0);
}

void trace_log::clear() {
  events.clear();
  pending.clear();
  accesses.clear();
  links.clear();
  choices.clear();
  held.clear();
  processes.clear();
  *changed_from.begin() = 0;
  deaths.clear();
  armings.clear();
}

}  // namespace braid
