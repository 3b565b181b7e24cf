// The schedule that a token stands for.
#pragma once

#include <braid/explore.hpp>
#include <string_view>

#include "trace/schedule.hpp"

namespace braid {

// That of a token which braid::replay() has followed; one that names a run is run again.
schedule schedule_named(std::string_view token, const program& replayed,
                        const explore_options& options);

// The options under which that schedule is followed: a token that names a run has some of its own.
explore_options with_options_of(std::string_view token, explore_options options);

}  // namespace braid
