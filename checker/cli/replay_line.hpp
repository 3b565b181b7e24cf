// The command that shows an execution again.
#pragma once

#include <string>

#include "cli/settings.hpp"

namespace braid::cli {

// `build/braid replay NAME`, as this binary was called (by its file alone, if by an absolute path,
// which is long and of one machine), with the options that change what is seen; a token is still to
// follow.
std::string replay_command(const std::string& program, const settings& asked);

// `braid check NAME`, which shows where it is not deterministic, with the same options.
std::string check_command(const std::string& program, const settings& asked);

// `build/braid help`: a verdict is still to follow.
std::string help_command();

// Its file, as it is called in messages; set once, from argv[0].
void set_own_name(const char* argv0);
const std::string& own_name();

}  // namespace braid::cli
