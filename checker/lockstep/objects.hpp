// The objects of one execution, by address: their stable ids and the operations that wait on them.
//
// An id is made of its creator's spawn path and of how many objects that goroutine made before: it
// is the same on every machine and in every execution that makes the same calls. Addresses never
// leave this table.
//
// Rejected: std::unordered_map, which allocates per object and is cleared by freeing it all; here a
// table is emptied by counting up its generation.
#pragma once

#include <braid/scheduler.hpp>
#include <cstdint>
#include <utility>
#include <vector>

namespace braid {

struct object {
  const void* address = nullptr;
  std::uint64_t id = 0;
  std::uint32_t generation = 0;        // of the table; an older one means an empty place
  bool alive = false;                  // false: destroyed
  bool is_ticker = false;              // a ticker's channel: who takes a tick arms it again
  bool is_shared = false;              // destroyed by the last of its owners
  std::int64_t made_with = 0;          // a channel's capacity, or an atomic's bits
  std::uint32_t first_waiting = none;  // goroutines whose pending op has a guard on this object
  std::uint32_t changed_at = 0;        // the step in which it was changed last
  // Of channels and wait groups, which can be raced for (lockstep/racing.cpp): who sent or closed,
  // added or waited.
  std::uint32_t first_user = none;
  bool has_many_users = false;
  bool is_closed = false;  // or waited for

  static constexpr std::uint32_t none = 0xffffffff;
};

class object_table {
 public:
  object_table() : places_(initial_places) {}
  object_table(const object_table&) = delete;  // last_ is its own
  object_table& operator=(const object_table&) = delete;

  // Forgets all objects.
  void clear();
  // The object at this address, dead or alive, or null if none was made there.
  object* find(const void* address) {
    return const_cast<object*>(std::as_const(*this).find(address));
  }
  const object* find(const void* address) const {
    // Most are asked for several times in a row, while one event goes on.
    return last_->address == address ? last_ : look_up(address);
  }
  // 0 if there is none; also for null.
  std::uint64_t id_of(const void* address) const {
    const object* const o = address == nullptr ? nullptr : find(address);
    return o == nullptr ? 0 : o->id;
  }
  // The object that now begins to live at this address.
  object& make(const void* address);

 private:
  static constexpr std::size_t initial_places = 256;  // a power of two, as is every size after it

  std::size_t place_of(const void* address) const {
    const auto key = reinterpret_cast<std::uintptr_t>(address);
    return (key * 0x9e3779b97f4a7c15 >> 20) & mask_;
  }
  const object* look_up(const void* address) const;
  void grow();

  std::vector<object> places_;
  std::size_t mask_ = initial_places - 1;
  std::uint32_t generation_ = 1;
  std::uint32_t size_ = 0;
  // The object that was found last, or one that nobody asks for.
  object nothing_{.address = this};
  mutable const object* last_ = &nothing_;
};

inline const object* object_table::look_up(const void* address) const {
  for (std::size_t i = place_of(address);; i = (i + 1) & mask_) {
    if (places_[i].generation != generation_) return nullptr;
    if (places_[i].address == address) return last_ = &places_[i];
  }
}

}  // namespace braid
