// diff(): where two executions part; see <braid/explore.hpp>.
#include <algorithm>
#include <braid/explore.hpp>

#include "explain/shrink_job.hpp"
#include "process/sole_explorer.hpp"

namespace braid {
namespace {

// The rows that are numbered, in their order.
std::vector<const happening*> numbered(const history& told) {
  std::vector<const happening*> rows;
  for (const happening& row : told.rows) {
    if (row.step != 0) rows.push_back(&row);
  }
  return rows;
}

bool does_the_same(const happening* a, const happening* b) {
  return a->goroutine == b->goroutine && a->kind == b->kind && a->text == b->text &&
         a->at == b->at && a->value == b->value && a->deviation == b->deviation;
}

std::uint32_t first_difference(const history& bad, const history& good) {
  const std::vector<const happening*> a = numbered(bad);
  const std::vector<const happening*> b = numbered(good);
  const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end(), does_the_same);
  if (at != a.end()) return (*at)->step;
  return other == b.end() ? 0 : (*other)->step;
}

}  // namespace

diff_result diff(const program& compared, std::string_view token, std::string_view other,
                 const explore_options& options, const shrink_options& limits) {
  const sole_explorer mine(compared.name);
  const followed_token bad = follow_token(compared, token, options);
  diff_result result{.unfit = bad.result.unfit,
                     .has_finding = !bad.result.outcome.findings.empty()};
  result.bad = bad.result.outcome;
  result.bad_told = bad.result.told;
  if (!result.unfit.empty() || (other.empty() && !result.has_finding)) return result;
  const std::string found =
      other.empty() ? nearest_good_token(compared, bad, limits) : std::string(other);
  if (found.empty()) return result;
  replay_result good = replay(compared, found, options);
  result.unfit = good.unfit;
  result.has_good = true;
  result.good = std::move(good.outcome);
  result.good_told = std::move(good.told);
  result.first_difference = first_difference(result.bad_told, result.good_told);
  return result;
}

}  // namespace braid
