// Which worker this thread is.
//
// Never inlined, as core/thread_local.hpp explains: after a switch a goroutine may be on another
// thread, and neither the thread-local's address nor the worker may be kept across it.
#pragma once

namespace braid {

class worker;

// Null on threads that are no workers.
[[gnu::noinline]] worker* this_worker();
[[gnu::noinline]] void set_this_worker(worker* self);

}  // namespace braid
