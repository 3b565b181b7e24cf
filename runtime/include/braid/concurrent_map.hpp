// A map that many goroutines use at once, as Go's sync.Map (rule W18). K is ordered by `<`.
//
//   braid::concurrent_map<std::string, int> ages;
//   ages.store("ada", 36);
//   if (std::optional<int> age = ages.load("ada")) ...
//
// Every operation on one key is atomic, and a write happens before a read that observes it. range()
// is no snapshot: see there.
//
// Rejected: parts with a lock each, chosen by a hash: under the checker all their locks would be
// objects of the program, and the order of a range would depend on hashes.
#pragma once

#include <braid/mutex.hpp>
#include <braid/where.hpp>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>

namespace braid {

template <class K, class V>
class concurrent_map {
 public:
  concurrent_map(where at = {}) : lock_(at) {}
  concurrent_map(const concurrent_map&) = delete;
  concurrent_map& operator=(const concurrent_map&) = delete;

  // What load_or_store() gives: the value that is there now, and whether it was before.
  struct loaded_value {
    V value;
    bool loaded;
  };

  std::optional<V> load(const K& key, where at = {}) const;
  void store(const K& key, V value, where at = {}) { swap(key, std::move(value), at); }
  loaded_value load_or_store(const K& key, V value, where at = {});
  // The value that was removed, or nothing.
  std::optional<V> load_and_delete(const K& key, where at = {});
  void erase(const K& key, where at = {}) { load_and_delete(key, at); }
  // Stores, and gives the value that was there before, or nothing.
  std::optional<V> swap(const K& key, V value, where at = {});
  // Only if the key is there with this value; else false.
  bool compare_and_swap(const K& key, const V& old, V value, where at = {});
  bool compare_and_delete(const K& key, const V& old, where at = {});
  void clear(where at = {});

  // Calls f(key, value) for each key, in their order, until it returns false, if it returns bool.
  // No key is visited twice. One that is stored or removed meanwhile may be visited or not; a value
  // is one that the key had at some moment of the range. f may use the map.
  template <class F>
  void range(F&& f, where at = {}) const;

 private:
  // Holds the lock with the place of the user's call.
  class held {
   public:
    held(mutex& lock, where at) : lock_(lock), at_(at) { lock_.lock(at_); }
    held(const held&) = delete;
    ~held() { lock_.unlock(at_); }

   private:
    mutex& lock_;
    where at_;
  };
  using entry = std::pair<K, V>;
  // The first entry whose key is greater; the very first if there is no key.
  std::optional<entry> after(const std::optional<K>& key, where at) const;

  mutable mutex lock_;
  // Protected by lock_:
  std::map<K, V> values_;
};

template <class K, class V>
std::optional<V> concurrent_map<K, V>::load(const K& key, where at) const {
  const held guard(lock_, at);
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::optional<V>(found->second);
}

template <class K, class V>
auto concurrent_map<K, V>::load_or_store(const K& key, V value, where at) -> loaded_value {
  const held guard(lock_, at);
  const auto [place, is_new] = values_.try_emplace(key, std::move(value));
  return {place->second, !is_new};
}

template <class K, class V>
std::optional<V> concurrent_map<K, V>::load_and_delete(const K& key, where at) {
  const held guard(lock_, at);
  const auto node = values_.extract(key);
  return node ? std::optional<V>(std::move(node.mapped())) : std::nullopt;
}

template <class K, class V>
std::optional<V> concurrent_map<K, V>::swap(const K& key, V value, where at) {
  const held guard(lock_, at);
  const auto found = values_.find(key);
  if (found != values_.end()) return std::exchange(found->second, std::move(value));
  values_.emplace(key, std::move(value));
  return std::nullopt;
}

template <class K, class V>
bool concurrent_map<K, V>::compare_and_swap(const K& key, const V& old, V value, where at) {
  const held guard(lock_, at);
  const auto found = values_.find(key);
  if (found == values_.end() || !(found->second == old)) return false;
  found->second = std::move(value);
  return true;
}

template <class K, class V>
bool concurrent_map<K, V>::compare_and_delete(const K& key, const V& old, where at) {
  const held guard(lock_, at);
  const auto found = values_.find(key);
  if (found == values_.end() || !(found->second == old)) return false;
  values_.erase(found);
  return true;
}

template <class K, class V>
void concurrent_map<K, V>::clear(where at) {
  const held guard(lock_, at);
  values_.clear();
}

template <class K, class V>
auto concurrent_map<K, V>::after(const std::optional<K>& key, where at) const
    -> std::optional<entry> {
  const held guard(lock_, at);
  const auto next = key ? values_.upper_bound(*key) : values_.begin();
  return next == values_.end() ? std::nullopt : std::optional<entry>(*next);
}

template <class K, class V>
template <class F>
void concurrent_map<K, V>::range(F&& f, where at) const {
  std::optional<K> visited;
  while (std::optional<entry> next = after(visited, at)) {
    visited = next->first;
    if constexpr (std::is_void_v<std::invoke_result_t<F&, const K&, V&>>) {
      f(std::as_const(next->first), next->second);
    } else if (!f(std::as_const(next->first), next->second)) {
      return;
    }
  }
}

}  // namespace braid
