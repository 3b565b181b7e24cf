// How large a search is; see estimate.hpp.
#include "search/estimate.hpp"

#include <algorithm>
#include <cmath>

#include "process/process.hpp"
#include "strategy.hpp"
#include "trace/shared_array.hpp"

namespace braid {
namespace {

constexpr std::size_t walks_max = 1000;
constexpr std::size_t walks_min = 10;
constexpr std::uint64_t steps_max = 500'000;  // of all walks

// Logarithms of the estimates by single walks.
void walk(const program& explored, const lockstep_options& options, shared_array<double>& logs) {
  execution record;
  lockstep scheduler(options);
  const std::unique_ptr<strategy> walks = make_strategy({.name = "random"});
  std::uint64_t steps = 0;
  for (std::uint64_t run = 0; !logs.is_full() && steps < steps_max; ++run) {
    walks->begin(run);
    record.clear(run);
    scheduler.execute(explored.main, *walks, record, nullptr);
    double log = 0;
    for (const decision& d : record.decisions()) log += std::log(d.of);
    logs.push(log);
    steps += record.facts().steps;
  }
}

}  // namespace

std::optional<size_estimate> estimate_size(const program& explored, const lockstep_options& options,
                                           bool supervise) {
  shared_array<double> logs(walks_max);
  if (supervise) {
    wait_for(fork_child([&] { walk(explored, options, logs); }));
  } else {
    walk(explored, options, logs);
  }
  const std::span<const double> all = logs.all();
  if (all.size() < walks_min) return std::nullopt;
  // Relative to the largest, for the products themselves can be too large for a double.
  const double largest = *std::max_element(all.begin(), all.end());
  const auto n = static_cast<double>(all.size());
  double sum = 0;
  double squares = 0;
  for (const double log : all) {
    const double relative = std::exp(log - largest);
    sum += relative;
    squares += relative * relative;
  }
  const double mean = sum / n;
  const double spread = std::sqrt(std::max(0.0, squares / n - mean * mean) / n);
  constexpr double z = 1.96;
  const double scale = std::exp(largest);
  if (!std::isfinite(scale * n)) return std::nullopt;
  return size_estimate{.executions = scale * mean,
                       .low = scale * std::max(0.0, mean - z * spread),
                       .high = scale * (mean + z * spread),
                       .probes = all.size()};
}

}  // namespace braid
