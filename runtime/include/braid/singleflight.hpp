// Suppresses duplicate work: of the calls for one key that overlap, one runs and all get its result
// (rule E8), as golang.org/x/sync/singleflight. K is ordered by `<`, V is copied.
//
//   braid::singleflight<std::string, page> fetches;
//   const auto [value, shared] = fetches.call(address, [&] { return fetch(address); });
#pragma once

#include <braid/chan.hpp>
#include <braid/go.hpp>
#include <braid/mutex.hpp>
#include <braid/panic.hpp>
#include <braid/select.hpp>
#include <braid/wait_group.hpp>
#include <braid/where.hpp>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace braid {

template <class K, class V>
class singleflight {
 public:
  struct result {
    V value;
    bool shared;  // it went to more than one caller
  };

  singleflight(where at = {}) : lock_(at) {}
  singleflight(const singleflight&) = delete;
  singleflight& operator=(const singleflight&) = delete;

  // Calls f() and returns its value; or, while a call for this key is on its way, waits for it and
  // returns the same. If f panics, all of them panic with the same exception.
  template <class F>
  result call(const K& key, F&& f, where at = {});
  // The same in a goroutine of its own: the channel receives the result. If f panics, the program
  // ends.
  template <class F>
  recv_chan<result> call_chan(const K& key, F f, where at = {});
  // Later calls for this key do not wait for the one that is on its way.
  void forget(const K& key, where at = {});

 private:
  struct flight {
    wait_group running;
    // Written before running.done():
    std::optional<V> value;
    std::exception_ptr panicked;
    bool exited = false;  // this_goroutine::exit() was called
    // Protected by lock_:
    bool shared = false;
    std::vector<chan<result>> receivers;

    explicit flight(where at) : running(at) { running.add(1, at); }
  };
  using flight_ptr = std::shared_ptr<flight>;

  // The flight for a key, and whether the caller is the one to run it. REQUIRES: lock_ is held.
  std::pair<flight_ptr, bool> join(const K& key, where at);
  // Runs f and hands out its result.
  template <class F>
  void fly(const K& key, const flight_ptr& own, F&& f, where at);

  mutex lock_;
  // Protected by lock_:
  std::map<K, flight_ptr> flights_;
};

template <class K, class V>
auto singleflight<K, V>::join(const K& key, where at) -> std::pair<flight_ptr, bool> {
  flight_ptr& found = flights_[key];
  if (found != nullptr) {
    found->shared = true;
    return {found, false};
  }
  found = std::make_shared<flight>(at);
  return {found, true};
}

template <class K, class V>
template <class F>
auto singleflight<K, V>::call(const K& key, F&& f, where at) -> result {
  lock_.lock(at);
  const std::pair<flight_ptr, bool> joined = join(key, at);
  lock_.unlock(at);
  flight& own = *joined.first;
  if (joined.second) {
    fly(key, joined.first, std::forward<F>(f), at);
  } else {
    own.running.wait(at);
  }
  if (own.panicked) std::rethrow_exception(own.panicked);
  if (own.exited) this_goroutine::exit(at);
  return {*own.value, own.shared};
}

template <class K, class V>
template <class F>
auto singleflight<K, V>::call_chan(const K& key, F f, where at) -> recv_chan<result> {
  chan<result> receiver = make_chan<result>(1, at);
  lock_.lock(at);
  const std::pair<flight_ptr, bool> joined = join(key, at);
  joined.first->receivers.push_back(receiver);
  lock_.unlock(at);
  if (joined.second) {
    go([this, key, own = joined.first, f = std::move(f), at]() mutable { fly(key, own, f, at); },
       at);
  }
  return receiver;
}

template <class K, class V>
void singleflight<K, V>::forget(const K& key, where at) {
  lock_.lock(at);
  flights_.erase(key);
  lock_.unlock(at);
}

template <class K, class V>
template <class F>
void singleflight<K, V>::fly(const K& key, const flight_ptr& own, F&& f, where at) {
  try {
    own->value.emplace(std::invoke(std::forward<F>(f)));
  } catch (const detail::abandoned&) {
    throw;  // the program is over
  } catch (const detail::goroutine_exit& leaving) {
    leaving.disarm();
    own->exited = true;
  } catch (...) {
    own->panicked = std::current_exception();
  }
  lock_.lock(at);
  // Nobody joins any more; unless it was forgotten, when the key may be another flight's.
  const auto found = flights_.find(key);
  if (found != flights_.end() && found->second == own) flights_.erase(found);
  const bool is_shared = own->shared;
  const std::vector<chan<result>> receivers = std::move(own->receivers);
  own->running.done(at);
  lock_.unlock(at);
  if (own->panicked && !receivers.empty()) {
    // In a goroutine of its own, because our caller may catch what those cannot.
    go([panicked = own->panicked] { std::rethrow_exception(panicked); }, at);
    select{at};  // for ever
  }
  if (own->exited) return;  // channels receive nothing, as in Go
  for (chan<result> receiver : receivers) receiver.send({*own->value, is_shared}, at);
}

}  // namespace braid
