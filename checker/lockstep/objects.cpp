// The objects of one execution; see objects.hpp.
#include "lockstep/objects.hpp"

#include <algorithm>

namespace braid {

void object_table::clear() {
  size_ = 0;
  last_ = &nothing_;
  if (++generation_ != 0) return;
  for (object& o : places_) o.generation = 0;  // the counter wrapped around
  generation_ = 1;
}

object& object_table::make(const void* address) {
  if (object* old = find(address)) {
    *old = object{.address = address, .generation = generation_, .alive = true};
    return *old;
  }
  if (size_ * 2 >= places_.size()) grow();
  std::size_t i = place_of(address);
  while (places_[i].generation == generation_) i = (i + 1) & mask_;
  ++size_;
  places_[i] = object{.address = address, .generation = generation_, .alive = true};
  return places_[i];
}

void object_table::grow() {
  std::vector<object> old(places_.size() * 2);
  old.swap(places_);
  mask_ = places_.size() - 1;
  last_ = &nothing_;
  for (const object& o : old) {
    if (o.generation != generation_) continue;
    std::size_t i = place_of(o.address);
    while (places_[i].generation == generation_) i = (i + 1) & mask_;
    places_[i] = o;
  }
}

}  // namespace braid
