// Ctrl-C: the first asks the search to stop and print what it has, the second ends at once.
#pragma once

namespace braid::cli {

// From here on SIGINT, or SIGTERM (of Slurm, Kubernetes), sets a flag, once.
void catch_interrupts();
bool was_interrupted();

}  // namespace braid::cli
