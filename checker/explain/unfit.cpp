// Why a deviation cannot be applied; see unfit.hpp.
#include "explain/unfit.hpp"

#include <algorithm>

#include "names.hpp"

namespace braid {
namespace {

// What a goroutine was doing before a step, as far as rows tell.
struct standing {
  bool exists = false;
  bool goes_on = false;  // it has rows from that step on
  const happening* waits = nullptr;
};

standing standing_before(std::uint32_t step, int goroutine, const history& told) {
  standing s{.exists = goroutine == 0};
  bool is_past = false;
  for (const happening& row : told.rows) {
    is_past = is_past || row.step >= step;
    if (is_past) {
      s.goes_on = s.goes_on || row.goroutine == goroutine;
      continue;
    }
    s.exists = s.exists || row.creates == goroutine;
    if (row.goroutine == goroutine) s.waits = row.waits ? &row : nullptr;
    const bool is_woken =
        std::find(row.wakes.begin(), row.wakes.end(), goroutine) != row.wakes.end();
    if (is_woken) s.waits = nullptr;
  }
  return s;
}

std::string why_not(int goroutine, std::uint32_t step, const history& told) {
  const std::string name = name_of_goroutine(goroutine);
  const standing s = standing_before(step, goroutine, told);
  const bool never_exists = static_cast<std::size_t>(goroutine) >= told.goroutines.size();
  if (!s.exists) return "there is no " + name + (never_exists ? "" : " yet");
  if (s.waits != nullptr) {
    return name + " waits in " + s.waits->text + (s.waits->at.empty() ? "" : "  " + s.waits->at);
  }
  if (!s.goes_on) return name + " has returned";
  return name + " does not need to be chosen there, or cannot be";
}

std::string wish(const deviation& d) {
  switch (d.kind) {
    case decision_kind::goroutine:
      return name_of_goroutine(d.taken);
    case decision_kind::timer:
      return "time to pass";
    case decision_kind::arm:
      return "the ready case " + std::to_string(d.taken);
    case decision_kind::value:
      return "choose() to give " + std::to_string(d.taken);
  }
  return text_of(d);
}

// A case that is there only with an option of the search.
std::string spurious_case(std::uint32_t step, const history& told, const explore_options& options) {
  const auto at = std::find_if(told.rows.begin(), told.rows.end(),
                               [&](const happening& row) { return row.step == step; });
  if (at == told.rows.end()) return "";
  const bool tries = at->kind.starts_with("try_lock");
  const std::string may_be = "; the token may be of a search with --spurious-";
  if (tries && !options.spurious_try_locks) return may_be + "try-lock";
  if (at->kind == "wait" && !options.spurious_wake_ups) return may_be + "wakeups";
  return "";
}

std::string obstacle(const deviation& d, const history& told, const explore_options& options) {
  std::uint32_t last = 0;
  for (const happening& row : told.rows) last = std::max(last, row.step);
  if (d.step > last) return "the execution has " + std::to_string(last) + " steps";
  switch (d.kind) {
    case decision_kind::goroutine:
      return why_not(static_cast<int>(d.taken), d.step, told);
    case decision_kind::timer:
      return "no such timer is due next";
    case decision_kind::arm:
      return "that step has no such case that is ready" + spurious_case(d.step, told, options);
    case decision_kind::value:
      return "that step has no choice left that could";
  }
  return "it cannot be applied";
}

}  // namespace

std::string explain_unfit(const deviation& unfit, const history& told,
                          const explore_options& options) {
  return "step " + std::to_string(unfit.step) + " wants " + wish(unfit) + ", but " +
         obstacle(unfit, told, options);
}

}  // namespace braid
