// The frontier of a strategy whose search is not cut: one job at a time.
#pragma once

#include <memory>

#include "frontier.hpp"

namespace braid {

std::unique_ptr<frontier> make_single_job(const strategy_options& options);

}  // namespace braid
