// What a signal handler may print; see fixed_line.hpp.
#include "testing/fixed_line.hpp"

#include <braid/scheduler.hpp>
#include <utility>

#include "lockstep/lockstep.hpp"

namespace braid {
namespace {

void put_token(fixed_line& line, const execution& so_far) {
  bool is_first = true;
  for (const decision& d : so_far.decisions()) {
    if (!d.is_deviation()) continue;
    if (!std::exchange(is_first, false)) line.put(".");
    line.put(d.step).put(std::string_view("gtcv").substr(static_cast<std::size_t>(d.kind), 1));
    if (d.kind != decision_kind::timer) {
      line.put(d.taken);
    } else if (d.taken > 0) {
      line.put(d.taken + 1);
    }
  }
  if (is_first) line.put("0");
}

}  // namespace

fixed_line& fixed_line::put_end_of(const execution& so_far) {
  put("after step ").put(so_far.facts().steps).put(", while ");
  if (so_far.facts().running == 0) {
    put("main");
  } else {
    put("g").put(so_far.facts().running);
  }
  put(" ran; BRAID_REPRODUCE=");
  put_token(*this, so_far);
  return put(" follows it");
}

const execution* running_execution() {
  const auto* const running = dynamic_cast<const lockstep*>(&current_scheduler());
  return running == nullptr ? nullptr : running->running();
}

}  // namespace braid
