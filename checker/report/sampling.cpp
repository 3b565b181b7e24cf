// What a sample says; see sampling.hpp.
#include "report/sampling.hpp"

#include <algorithm>
#include <cmath>

namespace braid {

double reach_of_interval(std::uint64_t count, std::uint64_t runs) {
  constexpr double z = 1.959964;  // 97.5 % of the normal distribution
  if (runs == 0) return 1;
  const auto n = static_cast<double>(runs);
  const double p = static_cast<double>(count) / n;
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return half + std::abs(centre - p);
}

unseen_chance chance_of_unseen(const report& r) {
  constexpr double rule_of_three = 3;
  const auto runs = static_cast<double>(std::max<std::uint64_t>(r.sampled, 1));
  const auto once = std::count_if(r.outcomes.begin(), r.outcomes.end(),
                                  [](const reported_outcome& o) { return o.sampled == 1; });
  if (once == 0) return {std::min(1.0, rule_of_three / runs), true};
  return {static_cast<double>(once) / runs, false};
}

}  // namespace braid
