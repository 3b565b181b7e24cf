// How many processors this process may use.
#pragma once

namespace braid {

unsigned processors_count();  // at least 1

}  // namespace braid
