// Channels: chan<T> is a handle with Go's reference semantics (rules C1-C23).
//
//   braid::chan<int> c = braid::make_chan<int>(2);   // room for two; 0 is unbuffered
//   c.send(7);
//   auto [value, more] = c.recv();                   // more is false once closed and drained
//   for (int v : c) ...                              // until closed and drained
//
// The algorithm is type-erased in core/channel.cpp; here is only what depends on T. A send and a
// receive are a select with one arm: one algorithm, one wait protocol.
#pragma once

#include <braid/panic.hpp>
#include <braid/scheduler.hpp>
#include <braid/show.hpp>
#include <braid/where.hpp>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace braid {
namespace detail {

class channel;

// What a channel must know of its elements.
struct element_type {
  std::size_t size;
  std::size_t alignment;
  void (*move)(void* to, void* from);  // constructs *to; *from stays constructed
  void (*destroy)(void* value);
  void (*show)(const void* value, std::string& to);
};

template <class T>
inline constexpr element_type element_of = {
    sizeof(T), alignof(T),
    [](void* to, void* from) { ::new (to) T(std::move(*static_cast<T*>(from))); },
    [](void* value) { static_cast<T*>(value)->~T(); }, show_value<T>};

// One case of a select. It lives on the selecting goroutine's stack, linked into the channel's
// queue while that goroutine waits.
struct select_arm {
  op_kind kind{};         // send or recv
  channel* on = nullptr;  // null: a nil channel, never ready
  void* slot = nullptr;   // send: the value, which is moved from. recv: raw storage, filled
  bool filled = false;    // recv: a value was constructed in the slot; false: closed
  // Owned by the channel's algorithm while waiting:
  struct waiting_select* owner = nullptr;
  select_arm* next = nullptr;
  select_arm* previous = nullptr;
};

// Performs exactly one of the arms that can proceed, chosen uniformly; returns its index. Parks
// while none can, or returns -1 at once unless `block` (rules S1-S14). Throws closed_channel if the
// chosen arm sends on a closed channel. A single arm is announced as a plain send or receive.
int select(std::span<select_arm> arms, bool block, where at);

channel* make_channel(const element_type& type, std::ptrdiff_t capacity, where at);
void acquire(channel* c);
void release(channel* c);
void close(channel* c, where at);
std::size_t size(channel* c, where at);
std::size_t capacity(const channel* c);

// Room for a T that a receive may fill.
template <class T>
struct receive_slot {
  alignas(T) std::byte storage[sizeof(T)];

  T take() {
    T* value = std::launder(reinterpret_cast<T*>(storage));
    T taken = std::move(*value);
    value->~T();
    return taken;
  }
};

}  // namespace detail

// What a receive gives: the value and true, or T{} and false once closed and drained (rule C11).
template <class T>
struct received {
  T value;
  bool more;
};

template <class T>
class chan {
 public:
  using value_type = T;

  chan() = default;  // nil: never ready (rule C8)
  chan(std::nullptr_t) {}
  chan(const chan& other) : core_(other.core_) { detail::acquire(core_); }
  chan(chan&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
  chan& operator=(chan other) noexcept {
    std::swap(core_, other.core_);
    return *this;
  }
  ~chan() { detail::release(core_); }

  // Sends, parking until a receiver or room is there. Panics "send on closed channel".
  void send(const T& value, where at = {}) { send(T(value), at); }
  void send(T&& value, where at = {}) {
    detail::select_arm arm{.kind = op_kind::send, .on = core_, .slot = &value};
    detail::select({&arm, 1}, true, at);
  }

  // Receives, parking until a value is there or the channel is closed.
  received<T> recv(where at = {}) {
    detail::receive_slot<T> slot;
    detail::select_arm arm{.kind = op_kind::recv, .on = core_, .slot = slot.storage};
    detail::select({&arm, 1}, true, at);
    if (!arm.filled) return {T{}, false};
    return {slot.take(), true};
  }

  // Wakes all receivers (no more values) and all senders (who panic). Panics if closed or nil.
  void close(where at = {}) { detail::close(core_, at); }

  // Values in the buffer now, and room for them in all; 0 for a nil channel (rule C14).
  std::size_t size(where at = {}) const { return detail::size(core_, at); }
  std::size_t capacity() const { return detail::capacity(core_); }

  explicit operator bool() const { return core_ != nullptr; }
  friend bool operator==(const chan&, const chan&) = default;

  // `for (T v : c)` receives until the channel is closed and drained (rule C15).
  class iterator;
  iterator begin(where at = {}) { return iterator(*this, at); }
  std::default_sentinel_t end() { return {}; }

  detail::channel* core() const { return core_; }  // for select

 private:
  template <class U>
  friend chan<U> make_chan(std::ptrdiff_t, where);
  explicit chan(detail::channel* core) : core_(core) {}

  detail::channel* core_ = nullptr;
};

template <class T>
class chan<T>::iterator {
 public:
  iterator(chan& from, where at) : from_(from), at_(at), current_(from_.recv(at_)) {}
  T& operator*() { return current_.value; }
  iterator& operator++() {
    current_ = from_.recv(at_);
    return *this;
  }
  bool operator==(std::default_sentinel_t) const { return !current_.more; }

 private:
  chan from_;
  where at_;
  received<T> current_;
};

// A channel with room for `capacity` values. Panics "makechan: size out of range" (rule C2).
template <class T>
chan<T> make_chan(std::ptrdiff_t capacity = 0, where at = {}) {
  return chan<T>(detail::make_channel(detail::element_of<T>, capacity, at));
}

}  // namespace braid
