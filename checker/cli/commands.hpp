// The commands, one per file. Each returns the exit code, and throws refusal.
#pragma once

#include <string_view>

#include "cli/settings.hpp"

namespace braid::cli {

int list(const settings& asked);
int explore(const settings& asked);
int run(const settings& asked);
int replay(const settings& asked);
int merge(const settings& asked);
int shrink(const settings& asked);
int diff(const settings& asked);

// The general help, or that of a command. Throws refusal if there is no such command.
int help(std::string_view about, const settings& asked);

}  // namespace braid::cli
