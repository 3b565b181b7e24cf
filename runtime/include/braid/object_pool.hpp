// A set of objects to be used again, as Go's sync.Pool (rule W17).
//
//   braid::object_pool<std::string> buffers;
//   std::string text = buffers.get();      // one that was put, or a new one
//   buffers.put(std::move(text));
//
// Which one get() returns is not specified: under the checker it is any object in the pool, or a
// new one, and the search tries them all. What was done before put(x) happens before the get() that
// returns x.
#pragma once

#include <braid/choice.hpp>
#include <braid/mutex.hpp>
#include <braid/scheduler.hpp>
#include <braid/where.hpp>
#include <functional>
#include <utility>
#include <vector>

namespace braid {

template <class T>
class object_pool {
 public:
  // `make` makes new objects; without it they are T().
  explicit object_pool(
      std::function<T()> make = [] { return T(); }, where at = {})
      : make_(std::move(make)), lock_(at) {}
  object_pool(const object_pool&) = delete;
  object_pool& operator=(const object_pool&) = delete;

  T get(where at = {});
  void put(T object, where at = {});

 private:
  const std::function<T()> make_;
  mutex lock_;
  // Protected by lock_:
  std::vector<T> free_;
};

template <class T>
T object_pool<T>::get(where at) {
  lock_.lock(at);
  const auto count = static_cast<std::uint32_t>(free_.size());
  // Production takes what is likely to be in the cache still, and a new one only if it must.
  const std::uint32_t age = count != 0 && detail::watched() ? choose(count + 1, at) : 0;
  if (age >= free_.size()) {
    lock_.unlock(at);
    return make_();
  }
  std::swap(free_[free_.size() - 1 - age], free_.back());
  T object = std::move(free_.back());
  free_.pop_back();
  lock_.unlock(at);
  return object;
}

template <class T>
void object_pool<T>::put(T object, where at) {
  lock_.lock(at);
  free_.push_back(std::move(object));
  lock_.unlock(at);
}

}  // namespace braid
