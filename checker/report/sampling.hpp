// What a sample says about what was not seen.
#pragma once

#include <braid/explore.hpp>
#include <optional>

namespace braid {

// Half the width of Wilson's 95 % interval for a share of which `count` in `runs` were seen. Unlike
// the normal approximation it is not zero when count is 0 or runs.
double half_width(std::uint64_t count, std::uint64_t runs);

// The chance that the next run has an outcome not seen before, by Good and Turing: the share of the
// outcomes that were seen once. With none it is below `bound`: three in `runs`, at 95 %.
struct unseen_chance {
  double chance = 0;
  bool is_bound = false;
};
unseen_chance chance_of_unseen(const report& r);

}  // namespace braid
