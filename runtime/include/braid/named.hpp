// named(): what reports call an object, instead of its kind and a number.
//
//   braid::mutex lock;
//   braid::named(lock, "accounts");                            // mutex accounts
//   auto jobs = braid::named(braid::make_chan<int>(), "jobs");   // chan jobs
//
// Name an object where it is made, before others can use it. Two of one kind with the same name are
// told apart by a number. It is no event, and in production it is one test of a flag.
//
// Rejected: a name in the constructors, where an atomic or a var has a value; one in the object,
// which would grow.
#pragma once

#include <braid/scheduler.hpp>
#include <concepts>
#include <memory>
#include <string_view>
#include <type_traits>

namespace braid {
namespace detail {

// Handles are known by what they refer to, other objects by themselves.
template <class T>
const void* identity_of(const T& object) {
  if constexpr (requires { object.core(); }) {
    return object.core();
  } else {
    return std::addressof(object);
  }
}

// Objects with operations of their own. Those that are composed of others have no name.
template <class T>
concept nameable = requires(T& object) {
  object.core();
}
|| requires(T& object) {
  object.lock();
  object.unlock();
}
|| requires(T& object) {
  object.wait();
  object.done();
}
|| requires(T& object) { object.notify_one(); }
|| requires(T& object) { object.load(); }
|| requires(T& object) { object.read(); };

void report_name(const void* object, std::string_view name);

}  // namespace detail

// Gives `object` back, so that a channel can be made and named at once.
template <class T>
requires detail::nameable<std::remove_reference_t<T>> T named(T&& object, std::string_view name) {
  if (detail::watched()) detail::report_name(detail::identity_of(object), name);
  return std::forward<T>(object);
}

}  // namespace braid
