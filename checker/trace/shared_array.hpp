// A growable array in memory that survives the process that wrote it: a parent that forked the
// writer reads it after a crash. Address space is reserved once; only touched pages cost memory.
#pragma once

#include <sys/mman.h>
#include <algorithm>
#include <cstddef>
#include <new>
#include <span>
#include <type_traits>

namespace braid {

template <class T>
class shared_array {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // REQUIRES: capacity > 0. Throws std::bad_alloc.
  explicit shared_array(std::size_t capacity) : capacity_(capacity) {
    void* mapped = mmap(nullptr, bytes(), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc{};
    header_ = static_cast<header*>(mapped);
  }
  shared_array(const shared_array&) = delete;
  shared_array& operator=(const shared_array&) = delete;
  ~shared_array() { munmap(header_, bytes()); }

  void clear() { header_->size = 0; }
  // Forgets all but the first `size`.
  void cut(std::size_t size) { header_->size = std::min(header_->size, size); }
  // Brings back what was cut off. REQUIRES: nothing was added since.
  void extend(std::size_t size) { header_->size = std::max(header_->size, size); }
  bool is_full() const { return header_->size == capacity_; }
  // True if less than a reserve is left, which is enough for some hundred steps of an execution.
  bool is_nearly_full() const {
    constexpr std::size_t reserve = std::size_t{1} << 16;
    return header_->size + reserve >= capacity_;
  }
  // If it is full the last one is replaced.
  T& push(const T& value) {
    T& place = items()[header_->size - (header_->size == capacity_)];
    header_->size += header_->size < capacity_;
    return place = value;
  }
  bool append(std::span<const T> values) {
    if (values.size() > capacity_ - header_->size) return false;
    std::copy(values.begin(), values.end(), items() + header_->size);
    header_->size += values.size();
    return true;
  }

  T* begin() { return items(); }
  const T* begin() const { return items(); }
  std::span<const T> all() const { return {items(), header_->size}; }

 private:
  struct header {
    std::size_t size;
  };
  static constexpr std::size_t offset = 64;
  static_assert(alignof(T) <= offset);

  std::size_t bytes() const { return offset + capacity_ * sizeof(T); }
  T* items() const { return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(header_) + offset); }

  std::size_t capacity_;
  header* header_ = nullptr;
};

}  // namespace braid
