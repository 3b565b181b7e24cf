// A vector that keeps what its elements have allocated when it is cleared: executions are short and
// many, and each needs the same few objects.
#pragma once

#include <cstddef>
#include <vector>

namespace braid {

template <class T>
class recycled {
 public:
  void clear() { size_ = 0; }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return items_[i]; }
  const T& operator[](std::size_t i) const { return items_[i]; }
  // New elements are as T::clear() leaves them.
  void grow(std::size_t size) {
    if (items_.size() < size) items_.resize(size);
    for (; size_ < size; ++size_) items_[size_].clear();
  }

 private:
  std::vector<T> items_;
  std::size_t size_ = 0;
};

}  // namespace braid
