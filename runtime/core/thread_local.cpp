// The thread-locals of the runtime; see thread_local.hpp.
#include "core/thread_local.hpp"

#include <cxxabi.h>
#include <braid/goroutine.hpp>

namespace braid {
namespace {

thread_local goroutine* current_goroutine = nullptr;
thread_local void** exception_globals = nullptr;

}  // namespace

goroutine& goroutine::current() {
  if (current_goroutine == nullptr) {
    static thread_local goroutine thread_itself;
    current_goroutine = &thread_itself;
  }
  return *current_goroutine;
}

void set_current_goroutine(goroutine* g) { current_goroutine = g; }

// Asked for at each switch, and a call into another library.
void** exception_state() {
  if (exception_globals == nullptr) {
    exception_globals = reinterpret_cast<void**>(abi::__cxa_get_globals());
  }
  return exception_globals;
}

}  // namespace braid
