// What kind of build this is, for tests whose size or expectation depends on it.
#pragma once

#include <algorithm>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
#define __SANITIZE_THREAD__ 1
#endif
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

namespace braid::testing {

#if defined(__SANITIZE_THREAD__)
inline constexpr bool has_tsan = true;
#else
inline constexpr bool has_tsan = false;
#endif
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool has_asan = true;
#else
inline constexpr bool has_asan = false;
#endif

// `plain`, or a tenth, but at least 1, where a sanitizer makes everything slow. ThreadSanitizer of
// g++ 12 has room for 8,128 goroutines that have run.
constexpr int scaled(int plain) { return has_tsan || has_asan ? std::max(plain / 10, 1) : plain; }

}  // namespace braid::testing
