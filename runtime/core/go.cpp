// go() and this_goroutine; see <braid/go.hpp>.
#include <braid/go.hpp>
#include <braid/panic.hpp>

namespace braid {
namespace detail {

goroutine& new_goroutine(where at) { return goroutine::make(&goroutine::current(), at); }

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

}  // namespace braid
