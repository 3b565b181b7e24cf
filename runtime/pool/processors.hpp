// How many processors this process may use (rule R2).
#pragma once

#include <string>

namespace braid {

// By the process's affinity and by the quota of its cgroup (version 2); at least 1.
unsigned processors_count();

// The parts: how many processors the text of a `cpu.max` allows, infinity if any number; and a
// count within a quota, as Go rounds it: up, and not below 2.
double quota_of(const std::string& cpu_max);
unsigned processors_within(unsigned processors, double quota);

}  // namespace braid
