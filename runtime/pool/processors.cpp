// How many processors this process may use; see processors.hpp.
#include "pool/processors.hpp"

#include <sched.h>
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace braid {
namespace {

unsigned by_affinity() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    return static_cast<unsigned>(std::max(CPU_COUNT(&allowed), 1));
  }
  // A machine with more processors than a cpu_set_t has bits.
  return static_cast<unsigned>(std::max(sysconf(_SC_NPROCESSORS_ONLN), 1L));
}

// The lowest quota of the process's cgroup and those around it.
double quota_of_cgroup() {
  double quota = std::numeric_limits<double>::infinity();
  std::ifstream of_process("/proc/self/cgroup");
  for (std::string line; std::getline(of_process, line);) {
    if (line.rfind("0::", 0) != 0) continue;  // version 2 has one such line
    std::string path = line.substr(3);
    for (;;) {
      std::ifstream limit("/sys/fs/cgroup" + path + "/cpu.max");
      std::string text;
      if (std::getline(limit, text)) quota = std::min(quota, quota_of(text));
      const std::size_t slash = path.rfind('/');
      if (slash == std::string::npos) break;
      path.resize(slash);
    }
  }
  return quota;
}

}  // namespace

double quota_of(const std::string& cpu_max) {
  std::istringstream words(cpu_max);
  double quota = 0;
  double period = 0;
  const bool has_limit = (words >> quota >> period) && quota > 0 && period > 0;
  return has_limit ? quota / period : std::numeric_limits<double>::infinity();
}

unsigned processors_within(unsigned processors, double quota) {
  const double whole = std::max(std::ceil(quota), 2.0);
  return whole < processors ? static_cast<unsigned>(whole) : processors;
}

unsigned processors_count() { return processors_within(by_affinity(), quota_of_cgroup()); }

}  // namespace braid
