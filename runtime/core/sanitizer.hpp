// Tells AddressSanitizer and ThreadSanitizer about stack switches; empty in ordinary builds.
//
// `state` is the goroutine's own three words: [0] ASan's fake stack or TSan's fiber, [1] and [2]
// the lowest address and size of its stack. For a thread's own stack they are learned at the first
// switch away from it.
//
// g++ 12's TSan supports 8,128 fibers. Its switch must be called from code that is not itself
// instrumented, or its shadow stack loses a frame; hence the always_inline wrappers.
#pragma once

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
#define __SANITIZE_THREAD__ 1
#endif
#endif

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#elif defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

#if defined(__SANITIZE_THREAD__) && defined(__clang__)
// clang's no_sanitize("thread") still instruments entry and exit.
#define BRAID_NO_TSAN __attribute__((disable_sanitizer_instrumentation))
#elif defined(__SANITIZE_THREAD__)
#define BRAID_NO_TSAN __attribute__((no_sanitize("thread")))
#else
#define BRAID_NO_TSAN
#endif

namespace braid::sanitizer {

#if defined(__SANITIZE_ADDRESS__)

inline void make_fiber(void** state, void* lowest, std::size_t bytes) {
  __asan_unpoison_memory_region(lowest, bytes);  // its last user may have been dropped half-way
  state[0] = nullptr;
  state[1] = lowest;
  state[2] = reinterpret_cast<void*>(bytes);
}
inline void destroy_fiber(void**) {}
[[gnu::always_inline]] inline void start_switch(void** from, void** to) {
  __sanitizer_start_switch_fiber(&from[0], to[1], reinterpret_cast<std::size_t>(to[2]));
}
inline void finish_switch(void** self, void** from) {
  const void* lowest = nullptr;
  std::size_t bytes = 0;
  __sanitizer_finish_switch_fiber(self[0], &lowest, &bytes);
  from[1] = const_cast<void*>(lowest);
  from[2] = reinterpret_cast<void*>(bytes);
}

#elif defined(__SANITIZE_THREAD__)

inline void make_fiber(void** state, void*, std::size_t) { state[0] = __tsan_create_fiber(0); }
inline void destroy_fiber(void** state) { __tsan_destroy_fiber(state[0]); }
[[gnu::always_inline]] inline void start_switch(void** from, void** to) {
  if (from[0] == nullptr) from[0] = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(to[0], 0);
}
inline void finish_switch(void**, void**) {}

#else

inline void make_fiber(void**, void*, std::size_t) {}
inline void destroy_fiber(void**) {}
inline void start_switch(void**, void**) {}
inline void finish_switch(void**, void**) {}

#endif

}  // namespace braid::sanitizer
