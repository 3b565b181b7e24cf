// How many processors this process may use; see processors.hpp.
#include "pool/processors.hpp"

#include <sched.h>
#include <unistd.h>
#include <algorithm>

namespace braid {

unsigned processors_count() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    return static_cast<unsigned>(std::max(CPU_COUNT(&allowed), 1));
  }
  // A machine with more processors than a cpu_set_t has bits.
  return static_cast<unsigned>(std::max(sysconf(_SC_NPROCESSORS_ONLN), 1L));
}

}  // namespace braid
