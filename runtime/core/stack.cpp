// Stacks of goroutines; see stack.hpp.
#include "core/stack.hpp"

#include <sys/mman.h>
#include <algorithm>
#include <braid/panic.hpp>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include <braid/spin_lock.hpp>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102  // Linux 6.13; unknown to Debian 12's headers
#endif

namespace braid::stack {
namespace {

constexpr std::size_t region_slots = 1024;
constexpr std::size_t region_bytes = region_slots * slot_bytes;
constexpr std::size_t kept_slots = 1024;  // by trim()
constexpr std::uint64_t canary_word = 0x6272616964737461;

enum class guard_kind { advice, protection, canary };

// Free slots form a list through their topmost word, the page that every use touches anyway.
struct free_slot {
  free_slot* next;
};

free_slot* link_of(void* lowest) {
  return reinterpret_cast<free_slot*>(static_cast<char*>(lowest) + usable_bytes -
                                      sizeof(free_slot));
}

void* lowest_of(free_slot* link) {
  return reinterpret_cast<char*>(link) + sizeof(free_slot) - usable_bytes;
}

// A mapping of many slots.
struct region {
  char* begin;
  const char* canary_from = nullptr;  // slots from here on have a canary; null: none has

  bool holds(const void* address) const {
    return address >= begin && address < begin + region_bytes;
  }
};

struct {
  spin_lock lock;
  // Protected by lock:
  free_slot* free = nullptr;
  std::size_t free_count = 0;
  std::vector<void*> trimmed;  // free, without memory
  char* fresh = nullptr;       // slots of the newest region that were never used
  char* fresh_end = nullptr;
  std::vector<region> regions;
  guard_kind guard = guard_kind::advice;
} slots;

// Read without the lock by check(): set before the first stack with a canary is handed out.
std::atomic<bool> canaries_in_use = false;

void step_down(guard_kind to, const char* slot) {
  slots.guard = to;
  if (to != guard_kind::canary) return;
  slots.regions.back().canary_from = slot;
  canaries_in_use = true;
  std::fputs(
      "braid: no guard page for further stacks (vm.max_map_count is reached); "
      "a canary is checked at each park instead\n",
      stderr);
}

void install_guard(char* slot) {
  if (slots.guard == guard_kind::advice && madvise(slot, guard_bytes, MADV_GUARD_INSTALL) != 0) {
    step_down(guard_kind::protection, slot);
  }
  if (slots.guard == guard_kind::protection && mprotect(slot, guard_bytes, PROT_NONE) != 0) {
    step_down(guard_kind::canary, slot);
  }
  if (slots.guard == guard_kind::canary) {
    *reinterpret_cast<std::uint64_t*>(slot + guard_bytes - sizeof canary_word) = canary_word;
  }
}

bool has_canary(const char* slot) {
  const spin_guard held(slots.lock);
  return std::any_of(slots.regions.begin(), slots.regions.end(), [slot](const region& r) {
    return r.canary_from != nullptr && r.holds(slot) && slot >= r.canary_from;
  });
}

void map_region() {
  void* const mapped = mmap(nullptr, region_bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc{};
  madvise(mapped, region_bytes, MADV_NOHUGEPAGE);  // a huge page would make every stack 2 MiB
  slots.fresh = static_cast<char*>(mapped);
  slots.fresh_end = slots.fresh + region_bytes;
  const bool has_canaries = slots.guard == guard_kind::canary;
  slots.regions.push_back({slots.fresh, has_canaries ? slots.fresh : nullptr});
}

void* acquire_slot() {
  const spin_guard held(slots.lock);
  if (slots.free != nullptr) {
    free_slot* link = slots.free;
    slots.free = link->next;
    --slots.free_count;
    return lowest_of(link);
  }
  if (!slots.trimmed.empty()) {
    void* lowest = slots.trimmed.back();
    slots.trimmed.pop_back();
    return lowest;
  }
  if (slots.fresh == slots.fresh_end) map_region();
  char* slot = slots.fresh;
  slots.fresh += slot_bytes;
  install_guard(slot);
  return slot + guard_bytes;
}

// REQUIRES: slots.lock is held.
void put_free(void* lowest) {
  free_slot* link = link_of(lowest);
  link->next = slots.free;
  slots.free = link;
  ++slots.free_count;
}

void release_slot(void* lowest) {
  const spin_guard held(slots.lock);
  put_free(lowest);
}

// Regions of which all slots are trimmed. Each guard page is an entry of the page tables, or even a
// mapping, and all are copied whenever the process forks.
void unmap_trimmed_regions() {
  std::vector<void*>& trimmed = slots.trimmed;
  std::sort(trimmed.begin(), trimmed.end());
  std::erase_if(slots.regions, [&](const region& r) {
    const auto first = std::lower_bound(trimmed.begin(), trimmed.end(), r.begin);
    const auto last = std::lower_bound(first, trimmed.end(), r.begin + region_bytes);
    if (static_cast<std::size_t>(last - first) != region_slots) return false;
    munmap(r.begin, region_bytes);
    trimmed.erase(first, last);
    return true;
  });
  // While a region has canaries all that follows in it does: check() reads them.
  const bool has_canaries = std::any_of(slots.regions.begin(), slots.regions.end(),
                                        [](const region& r) { return r.canary_from != nullptr; });
  if (slots.guard != guard_kind::canary || has_canaries) return;
  slots.guard = guard_kind::protection;  // there is room for guard pages again
  canaries_in_use = false;
}

// A mapping of its own is never recycled: large stacks are few, and each may have another size.
void* map_large(std::size_t bytes) {
  void* mapping = mmap(nullptr, guard_bytes + bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc{};
  if (mprotect(mapping, guard_bytes, PROT_NONE) != 0) {
    munmap(mapping, guard_bytes + bytes);
    throw std::bad_alloc{};
  }
  return static_cast<char*>(mapping) + guard_bytes;
}

}  // namespace

void* acquire(std::size_t& bytes) {
  if (bytes <= usable_bytes) {
    bytes = usable_bytes;
    return acquire_slot();
  }
  bytes = (bytes + guard_bytes - 1) / guard_bytes * guard_bytes;
  return map_large(bytes);
}

void release(void* lowest, std::size_t bytes) {
  if (bytes == usable_bytes) return release_slot(lowest);
  munmap(static_cast<char*>(lowest) - guard_bytes, guard_bytes + bytes);
}

void trim() {
  const spin_guard held(slots.lock);
  if (slots.free_count <= kept_slots) return;
  std::vector<void*> all;
  all.reserve(slots.free_count);
  for (free_slot* link = slots.free; link != nullptr; link = link->next) {
    all.push_back(lowest_of(link));
  }
  // Those that are kept are neighbours, so that whole regions are left over.
  std::sort(all.begin(), all.end());
  slots.free = nullptr;
  slots.free_count = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < kept_slots) {
      put_free(all[i]);
    } else {
      madvise(all[i], usable_bytes, MADV_DONTNEED);  // the guard page, and a canary in it, stay
      slots.trimmed.push_back(all[i]);
    }
  }
  unmap_trimmed_regions();
}

void check(const void* lowest) {
  if (!canaries_in_use.load(std::memory_order_relaxed)) return;  // pairs with nothing: set once
  if (!has_canary(static_cast<const char*>(lowest) - guard_bytes)) return;
  if (static_cast<const std::uint64_t*>(lowest)[-1] == canary_word) return;
  std::fputs("fatal error: goroutine stack overflow (canary overwritten)\n", stderr);
  std::abort();
}

}  // namespace braid::stack
