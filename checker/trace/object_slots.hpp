// Small numbers for the objects that a search meets, kept over all its executions.
//
// Rejected: std::unordered_map, whose lookup is half the cost of reading a short execution.
#pragma once

#include <cstdint>
#include <vector>

namespace braid {

class object_slots {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  std::uint32_t size() const { return size_; }
  void clear() {
    places_.assign(places_.size(), {});
    size_ = 0;
    last_ = {};
  }
  // The slot of this object, or none.
  std::uint32_t find(std::uint64_t object) const {
    // Most are asked for several times in a row.
    if (object != last_.object) last_ = {object, places_[place_of(object)].slot};
    return last_.slot;
  }
  // The same; a new object gets the next slot.
  std::uint32_t get(std::uint64_t object) {
    if (find(object) != none) return last_.slot;
    last_ = {object, size_};
    places_[place_of(object)] = last_;
    if (++size_ * 2 > places_.size()) grow();
    return size_ - 1;
  }

 private:
  struct place {
    std::uint64_t object = 0;
    std::uint32_t slot = none;
  };

  // Where it is, or would be.
  std::size_t place_of(std::uint64_t object) const {
    std::size_t i = (object * 0x9e3779b97f4a7c15 >> 32) & (places_.size() - 1);
    while (places_[i].slot != none && places_[i].object != object)
      i = (i + 1) & (places_.size() - 1);
    return i;
  }
  void grow() {
    std::vector<place> old(places_.size() * 2);
    old.swap(places_);
    for (const place& p : old) {
      if (p.slot != none) places_[place_of(p.object)] = p;
    }
  }

  std::vector<place> places_ = std::vector<place>(64);  // a power of two
  std::uint32_t size_ = 0;
  mutable place last_;  // the object that was looked for last
};

}  // namespace braid
