// The command line of braid, for a binary with programs of its own.
//
// Link with braid's main and register programs (see scenario.hpp), or call this from another main.
#pragma once

namespace braid {

// Does what the arguments say and returns the exit code. Programs of `run` that panic or call
// exit() end the process themselves, as in production.
int command_line(int argc, char** argv);

}  // namespace braid
