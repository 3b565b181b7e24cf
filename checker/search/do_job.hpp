// Doing one job in this process, execution after execution.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "search/session.hpp"

namespace braid {

// Executions of a job by their place in it, from 0.
struct place_range {
  std::uint64_t from = 0;
  std::uint64_t until = 0;
  bool has(std::uint64_t place) const { return place >= from && place < until; }
};
inline constexpr place_range all_places{0, ~std::uint64_t{0}};
using place_set = std::vector<place_range>;

inline bool has(const place_set& set, std::uint64_t place) {
  return std::any_of(set.begin(), set.end(), [&](const place_range& r) { return r.has(place); });
}

// REQUIRES: a job is loaded. Executions in `apart` get a process each. `is_stopped(runs, steps)` is
// asked after each execution, with what the job has come to. Returns `more` if it was stopped.
template <class IsStopped>
search_state do_job(session& s, const place_set& apart, IsStopped&& is_stopped) {
  for (;;) {
    const search_state state = s.begin();
    if (state != search_state::more) return state;
    has(apart, s.found().runs()) ? s.execute_apart() : s.execute();
    s.account();
    if (is_stopped(s.found().runs(), s.found().steps)) return search_state::more;
  }
}

}  // namespace braid
