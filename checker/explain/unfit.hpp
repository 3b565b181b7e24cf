// Why a deviation cannot be applied, in words.
#pragma once

#include <braid/explore.hpp>
#include <braid/history.hpp>
#include <string>

#include "trace/schedule.hpp"

namespace braid {

// `step 5 wants g2, but g2 waits in chan1.recv  main.cc:31`. The history is of the execution that
// took the default instead, with these options.
std::string explain_unfit(const deviation& unfit, const history& told,
                          const explore_options& options);

}  // namespace braid
