// Doing one job in this process, execution after execution.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "search/session.hpp"

namespace braid {

// Executions of a job by their place in it, from 0.
struct place_range {
  std::uint64_t from = 0;
  std::uint64_t until = 0;
  std::optional<std::uint32_t> hangs_at = {};  // the first: after so many steps, if it does
  bool has(std::uint64_t place) const { return place >= from && place < until; }
};
inline constexpr place_range all_places{0, ~std::uint64_t{0}};
using place_set = std::vector<place_range>;

inline bool has(const place_set& set, std::uint64_t place) {
  return std::any_of(set.begin(), set.end(), [&](const place_range& r) { return r.has(place); });
}

// After how many steps this one was seen to hang, if it was.
inline std::optional<std::uint32_t> hang_of(const place_set& set, std::uint64_t place) {
  const auto range =
      std::find_if(set.begin(), set.end(), [&](const place_range& r) { return r.from == place; });
  return range == set.end() ? std::nullopt : range->hangs_at;
}

// REQUIRES: a job is loaded. Executions in `apart` get a process each. `is_stopped(runs, steps)` is
// asked after each execution, with what the job has come to. Returns `more` if it was stopped.
template <class IsStopped>
search_state do_job(session& s, const place_set& apart, IsStopped&& is_stopped) {
  for (;;) {
    const search_state state = s.begin();
    if (state != search_state::more) return state;
    const std::uint64_t place = s.found().runs();
    has(apart, place) ? s.execute_apart(hang_of(apart, place)) : s.execute();
    s.account();
    if (is_stopped(s.found().runs(), s.found().steps)) return search_state::more;
  }
}

}  // namespace braid
