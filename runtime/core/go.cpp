// go() and this_goroutine; see <braid/go.hpp>.
#include <braid/go.hpp>
#include <braid/go_options.hpp>
#include <braid/panic.hpp>

#include <braid/goroutine_exit.hpp>
#include "core/goroutine_extra.hpp"

namespace braid {
namespace detail {

goroutine& new_goroutine(where at) { return goroutine::make(&goroutine::current(), at); }

goroutine& new_goroutine(const go_options& options, where at) {
  goroutine& child = new_goroutine(at);
  if (!options.name.empty()) child.extra().name = options.name;
  child.want_stack(options.stack);
  return child;
}

void start(goroutine& child, where at) {
  // An abandoned parent leaves its announcement by an exception, and nobody else knows the child.
  struct retire_unless_spawned {
    goroutine* child;
    ~retire_unless_spawned() {
      if (child != nullptr) child->retire();
    }
  } unspawned{&child};
  const op next{.kind = op_kind::go, .object = &child, .at = at};
  if (watched() && !announce(next)) return;
  unspawned.child = nullptr;
  current_scheduler().spawn(child);
  if (watched()) report({.done = next});
}

void go_of_nil(where at) { fatal("go of nil func value", at); }

}  // namespace detail

void this_goroutine::yield(where at) {
  const op next{.kind = op_kind::yield, .at = at};
  if (!current_scheduler().before(next)) return;
  current_scheduler().after({.done = next});
}

void this_goroutine::exit(where at) {
  const goroutine& self = goroutine::current();
  if (self.is_abandoned()) goroutine::leave();
  if (self.is_thread()) fatal("this_goroutine::exit() outside of goroutines", at);
  throw detail::goroutine_exit(at);
}

std::uint64_t this_goroutine::id() { return goroutine::current().id; }

}  // namespace braid
