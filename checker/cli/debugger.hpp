// Whether a debugger is attached.
#pragma once

namespace braid::cli {

// True if somebody traces this process, so that SIGTRAP stops it instead of ending it.
bool has_debugger();

}  // namespace braid::cli
