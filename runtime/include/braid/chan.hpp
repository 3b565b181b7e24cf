// Channels: chan<T> is a handle with Go's reference semantics (rules C1-C23).
//
//   braid::chan<int> c = braid::make_chan<int>(2);   // room for two; 0 is unbuffered
//   c.send(7);
//   auto [value, more] = c.recv();                   // more is false once closed and drained
//   for (int v : c) ...                              // until closed and drained
//   braid::recv_chan<int> results = c;               // receives only; send_chan<int> sends only
//
// The algorithm is type-erased in core/channel.cpp; here is only what depends on T. A send and a
// receive are a select with one arm: one algorithm, one wait protocol.
#pragma once

#include <braid/panic.hpp>
#include <braid/scheduler.hpp>
#include <braid/show.hpp>
#include <braid/where.hpp>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace braid {
namespace detail {

class channel;

// What a channel must know of its elements.
struct element_type {
  std::size_t size;
  std::size_t alignment;
  void (*move)(void* to, void* from);  // constructs *to; *from stays constructed
  void (*destroy)(void* value);        // null: it needs none
  void (*show)(const void* value, std::string& to);
};

template <class T>
inline constexpr element_type element_of = {
    sizeof(T), alignof(T),
    [](void* to, void* from) { ::new (to) T(std::move(*static_cast<T*>(from))); },
    std::is_trivially_destructible_v<T> ? nullptr
                                        : +[](void* value) { static_cast<T*>(value)->~T(); },
    show_value<T>};

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
// The same for one arm: 0, or -1.
int select_one(select_arm& arm, bool block, const where& at);

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

// What a handle lets its holder do (rule C16).
enum class direction : std::uint8_t { both, send, recv };

namespace detail {

template <direction D>
concept sends = D != direction::recv;
template <direction D>
concept receives = D != direction::send;
// Sends a copy, receives a zero value. Not asked of the members of a handle: clang 14 would want to
// know when T is still incomplete, as in a node that holds a chan<node>.
template <class T, direction D>
concept sends_copies = sends<D> && std::copy_constructible<T>;
template <class T, direction D>
concept receives_zero = receives<D> && std::default_initializable<T>;

}  // namespace detail

template <class T, direction D>
class basic_chan;
template <class T>
using chan = basic_chan<T, direction::both>;
// Handles for one direction. A chan<T> becomes one where it is needed; there is no way back.
template <class T>
using send_chan = basic_chan<T, direction::send>;
template <class T>
using recv_chan = basic_chan<T, direction::recv>;

// Constness is that of the handle, not of the channel: as with a pointer.
template <class T, direction D>
class basic_chan {
 public:
  using value_type = T;

  basic_chan() = default;  // nil: never ready (rule C8)
  basic_chan(std::nullptr_t) {}
  basic_chan(const basic_chan& other) : core_(other.core_) { detail::acquire(core_); }
  basic_chan(basic_chan&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
  basic_chan(const chan<T>& other) requires(D != direction::both) : core_(other.core()) {
    detail::acquire(core_);
  }
  basic_chan& operator=(basic_chan other) noexcept {
    std::swap(core_, other.core_);
    return *this;
  }
  ~basic_chan() { detail::release(core_); }

  // Sends, parking until a receiver or room is there. Panics "send on closed channel" (C10); the
  // value then stays with the caller, if it was not copied (C13).
  void send(const T& value, where at = {}) const requires detail::sends<D> { send(T(value), at); }
  void send(T&& value, where at = {}) const requires detail::sends<D> {
    detail::select_arm arm{.kind = op_kind::send, .on = core_, .slot = &value};
    detail::select_one(arm, true, at);
  }
  // Sends if that needs no waiting, as a select with a default case. An rvalue that is not sent is
  // left as it was.
  bool try_send(const T& value, where at = {}) const requires detail::sends<D> {
    return try_send(T(value), at);
  }
  bool try_send(T&& value, where at = {}) const requires detail::sends<D> {
    detail::select_arm arm{.kind = op_kind::send, .on = core_, .slot = &value};
    return detail::select_one(arm, false, at) == 0;
  }

  // Receives, parking until a value is there or the channel is closed (C11).
  received<T> recv(where at = {}) const requires detail::receives<D> {
    detail::receive_slot<T> slot;
    if (!receive_into(slot, at)) return {T{}, false};
    return {slot.take(), true};
  }
  // The same into `value`; false, and T{}, once closed and drained.
  bool recv(T& value, where at = {}) const requires detail::receives<D> {
    detail::receive_slot<T> slot;
    const bool more = receive_into(slot, at);
    value = more ? slot.take() : T{};
    return more;
  }
  // The same for any T; nothing once closed and drained.
  std::optional<T> recv_opt(where at = {}) const requires detail::receives<D> {
    detail::receive_slot<T> slot;
    if (!receive_into(slot, at)) return std::nullopt;
    return slot.take();
  }
  // Receives if that needs no waiting, as a select with a default case: true if it did. A closed
  // channel gives T{}, and false in *more.
  bool try_recv(T& value, bool* more = nullptr, where at = {}) const requires detail::receives<D> {
    detail::receive_slot<T> slot;
    detail::select_arm arm{.kind = op_kind::recv, .on = core_, .slot = slot.storage};
    if (detail::select_one(arm, false, at) != 0) return false;
    value = arm.filled ? slot.take() : T{};
    if (more != nullptr) *more = arm.filled;
    return true;
  }

  // Wakes all receivers (no more values) and all senders (who panic). Panics if closed or nil.
  void close(where at = {}) const requires detail::sends<D> { detail::close(core_, at); }

  // Values in the buffer now, and room for them in all; 0 for a nil channel (rule C14).
  std::size_t size(where at = {}) const { return detail::size(core_, at); }
  std::size_t capacity() const { return detail::capacity(core_); }

  // False if nil. Equal are handles of one channel, and nil ones (rule C1).
  explicit operator bool() const { return core_ != nullptr; }
  friend bool operator==(const basic_chan&, const basic_chan&) = default;

  // `for (T v : c)` receives until the channel is closed and drained (rule C15).
  class iterator;
  iterator begin(where at = {}) const requires detail::receives<D> { return iterator(*this, at); }
  std::default_sentinel_t end() const requires detail::receives<D> { return {}; }

  detail::channel* core() const { return core_; }  // for select

 private:
  template <class U>
  friend chan<U> make_chan(std::ptrdiff_t, where);
  explicit basic_chan(detail::channel* core) : core_(core) {}

  bool receive_into(detail::receive_slot<T>& slot, where at) const {
    detail::select_arm arm{.kind = op_kind::recv, .on = core_, .slot = slot.storage};
    detail::select_one(arm, true, at);
    return arm.filled;
  }

  detail::channel* core_ = nullptr;
};

template <class T, direction D>
class basic_chan<T, D>::iterator {
 public:
  iterator(const basic_chan& from, where at) : from_(from), at_(at), current_(from_.recv_opt(at)) {}
  T& operator*() { return *current_; }
  iterator& operator++() {
    current_ = from_.recv_opt(at_);
    return *this;
  }
  bool operator==(std::default_sentinel_t) const { return !current_; }

 private:
  basic_chan from_;
  where at_;
  std::optional<T> current_;
};

// A channel with room for `capacity` values. Panics "makechan: size out of range" (rule C2).
template <class T>
chan<T> make_chan(std::ptrdiff_t capacity = 0, where at = {}) {
  return chan<T>(detail::make_channel(detail::element_of<T>, capacity, at));
}

}  // namespace braid
