// What a sample says about what was not seen.
#pragma once

#include <braid/explore.hpp>
#include <optional>

namespace braid {

// How far Wilson's 95 % interval for a share, of which `count` in `runs` were seen, goes from that
// share, to the side on which it goes farther. So share ± this contains the interval, which is not
// centred on the share; unlike the normal approximation it is not zero when count is 0 or runs.
double reach_of_interval(std::uint64_t count, std::uint64_t runs);

// The chance that the next run has an outcome not seen before, by Good and Turing: the share of the
// outcomes that were seen once. With none it is below `bound`: three in `runs`, at 95 %.
struct unseen_chance {
  double chance = 0;
  bool is_bound = false;
};
unseen_chance chance_of_unseen(const report& r);

}  // namespace braid
