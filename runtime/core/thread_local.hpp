// The thread-locals of the runtime, behind functions that are never inlined.
//
// g++ and clang keep the address of a thread-local in a register across a context switch, after
// which the goroutine may be on another thread. So each access is a call, and no reference to a
// thread-local is kept across a park.
#pragma once

namespace braid {

class goroutine;

[[gnu::noinline]] void set_current_goroutine(goroutine* g);

// The two words of C++ exception state of this thread (__cxa_eh_globals).
[[gnu::noinline]] void** exception_state();

}  // namespace braid
