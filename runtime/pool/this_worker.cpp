// The thread-local of the pool; see this_worker.hpp.
#include "pool/this_worker.hpp"

namespace braid {
namespace {

thread_local worker* self_of_thread = nullptr;

}  // namespace

worker* this_worker() { return self_of_thread; }
void set_this_worker(worker* self) { self_of_thread = self; }

}  // namespace braid
