// Follows a token, and tells its schedule too.
#pragma once

#include <braid/explore.hpp>
#include <string_view>

#include "trace/schedule.hpp"

namespace braid {

struct followed_token {
  replay_result result;
  schedule follow;          // that the execution came to
  explore_options options;  // with what the token of a run says about them
};

// As replay().
followed_token follow_token(const program& replayed, std::string_view token,
                            const explore_options& options);

}  // namespace braid
