// Stacks of goroutines: equal slots in large reserved mappings, recycled, each with a guard.
//
// A slot costs address space only until it is touched. Below its lowest usable address lies a guard
// page: MADV_GUARD_INSTALL where the kernel has it (one mapping for any number of stacks), else
// mprotect while mappings last (vm.max_map_count), and beyond that a canary, which check() compares
// at each park; the step down is said once on stderr.
//
// Thread safety: all functions may be called from any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/sanitizer.hpp"  // defines __SANITIZE_x for clang, too

namespace braid::stack {

// Bytes of a slot, guard included. Sanitizers need larger frames.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::size_t slot_bytes = 256 * 1024;
#else
inline constexpr std::size_t slot_bytes = 64 * 1024;
#endif
inline constexpr std::size_t guard_bytes = 4096;
inline constexpr std::size_t usable_bytes = slot_bytes - guard_bytes;

// Bytes to leave free at the top of a stack. Slots are a power of two apart, so that without it the
// hot ends of all stacks would compete for the same few sets of the caches.
inline std::size_t colour(const void* lowest) {
  constexpr std::size_t colours = 16;
  constexpr std::size_t step = 128;  // all of them stay within a page
  return reinterpret_cast<std::uintptr_t>(lowest) / slot_bytes % colours * step;
}

// The lowest usable address of a stack of at least `bytes`, which become as many as it has. Those
// larger than a slot have mappings of their own. Throws std::bad_alloc.
void* acquire(std::size_t& bytes);
void release(void* lowest, std::size_t bytes);

// Gives the memory of free stacks back to the system, but for those that a next program will most
// likely need. Their addresses stay reserved.
void trim();

// Aborts with a message if the canary below `lowest` is gone. Free where a page guards.
void check(const void* lowest);

}  // namespace braid::stack
