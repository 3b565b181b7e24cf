// Shrinks the findings of a report.
#pragma once

#include <braid/explore.hpp>

namespace braid {

// Findings of one cause are shrunk together, from the first of them. The worst causes come first,
// and only a few are shrunk: the first within options.shrink_steps_max, the second within a half of
// it, the third within a third, and so on.
void shrink_findings(report& r, const program& explored, const explore_options& options);

}  // namespace braid
