// Control blocks and the switch between stacks; see <braid/goroutine.hpp>.
//
// This is the one file that knows the machine's context switch (Boost.Context), the C++ exception
// state and the sanitizers' fibers. A switch stores the predecessor's registers from the
// successor's side, so nobody can resume a half-saved stack.
#include <cxxabi.h>
#include <boost/context/detail/fcontext.hpp>
#include <braid/goroutine.hpp>
#include <braid/panic.hpp>
#include <braid/scheduler.hpp>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>
#include <utility>

#include <braid/goroutine_exit.hpp>
#include <braid/spin_lock.hpp>
#include "core/goroutine_extra.hpp"
#include "core/sanitizer.hpp"
#include "core/stack.hpp"
#include "core/thread_local.hpp"

namespace braid {

using boost::context::detail::jump_fcontext;
using boost::context::detail::make_fcontext;
using boost::context::detail::transfer_t;

namespace {

constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;

std::uint64_t mix(std::uint64_t x) {  // the finaliser of splitmix64
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// A control block, which is used again and never freed.
struct block {
  block* older;
  goroutine self = {};
};

struct {
  spin_lock lock;
  goroutine* free = nullptr;  // those that were retired
  block* newest = nullptr;    // all, for debuggers
} blocks;

// Whoever unwinds left-over goroutines at the moment; one thread at a time does.
goroutine* abandoner = nullptr;

}  // namespace

// What crosses a switch: who left, and what is to be done now that they are off their stack.
struct stack_switch {
  goroutine* from;
  goroutine* to;
  off_stack then;

  // Runs on the successor's side, first thing.
  BRAID_NO_TSAN static void arrive(transfer_t transfer) {
    const stack_switch crossed = *static_cast<stack_switch*>(transfer.data);
    goroutine& self = *crossed.to;
    sanitizer::finish_switch(self.sanitizer_, crossed.from->sanitizer_);
    crossed.from->machine_ = transfer.fctx;
    set_current_goroutine(&self);
    exchange_exceptions(*crossed.from, self);
    if (crossed.then.run != nullptr) crossed.then.run(crossed.then.argument);
  }

  static void exchange_exceptions(goroutine& from, goroutine& to) {
    void** const state = exception_state();
    from.exceptions_[0] = state[0];
    from.exceptions_[1] = state[1];
    state[0] = to.exceptions_[0];
    state[1] = to.exceptions_[1];
  }

  [[noreturn]] BRAID_NO_TSAN static void enter(transfer_t transfer) {
    arrive(transfer);
    run_function();
    current_scheduler().finish();
    __builtin_unreachable();
  }

  // In a frame of its own, so that what it leaves behind is gone before finish().
  [[gnu::noinline]] static void run_function() noexcept {
    goroutine& self = goroutine::current();
    std::optional<detail::panic_description> panic;
    try {
      self.function();
    } catch (const detail::abandoned&) {
    } catch (const detail::goroutine_exit& leaving) {
      leaving.disarm();
    } catch (...) {
      panic = detail::describe_current_exception();
    }
    try {
      if (panic) current_scheduler().end(ending::panic, 2, panic->text, panic->at);
    } catch (const detail::abandoned&) {
    }
    self.function.reset();
  }

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
  // For debugger_view, from which these are hidden.
  static constexpr std::size_t machine_at = offsetof(goroutine, machine_);
  static constexpr std::size_t stack_at = offsetof(goroutine, stack_);
  static constexpr std::size_t stack_bytes_at = offsetof(goroutine, stack_bytes_);
  static constexpr std::size_t created_at = offsetof(goroutine, created_at_);
  static constexpr std::size_t created_by_at = offsetof(goroutine, created_by_);
  static constexpr std::size_t extra_at = offsetof(goroutine, extra_);
#pragma GCC diagnostic pop

  // The highest address of its stack.
  static char* base_of(const goroutine& g) {
    return static_cast<char*>(g.stack_) + g.stack_bytes_ - stack::colour(g.stack_);
  }

  static void bind_stack(goroutine& g) {
    g.stack_ = stack::acquire(g.stack_bytes_);
    char* const base = base_of(g);
    const auto size = static_cast<std::size_t>(base - static_cast<char*>(g.stack_));
    g.machine_ = make_fcontext(base, size, enter);
    sanitizer::make_fiber(g.sanitizer_, g.stack_, g.stack_bytes_);
  }
};

BRAID_NO_TSAN void goroutine::switch_to(goroutine& to, off_stack then) {
  goroutine& from = current();
  BRAID_ASSERT(&from != &to);
  if (from.stack_ != nullptr) stack::check(from.stack_);
  if (to.machine_ == nullptr) stack_switch::bind_stack(to);
  stack_switch crossing{&from, &to, then};
  sanitizer::start_switch(from.sanitizer_, to.sanitizer_);
  stack_switch::arrive(jump_fcontext(to.machine_, &crossing));
}

// Reads whole frames, whatever a sanitizer thinks of the space between variables.
[[gnu::no_sanitize_address]] BRAID_NO_TSAN std::uint64_t goroutine::hash_of_state(
    const void* until) {
  // On x86-64 the registers rbx and r12 to r15 then lie below the frame's address, at which rbp is.
  __builtin_unwind_init();
  constexpr std::ptrdiff_t registers_below = 5;
  const auto* const frame = static_cast<const std::uint64_t*>(__builtin_frame_address(0));
  std::uint64_t hash = 0;
  const auto add = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * golden;
    hash ^= hash >> 32;
  };
  for (std::ptrdiff_t i = -registers_below; i <= 0; ++i) add(frame[i]);
  const auto address = (reinterpret_cast<std::uintptr_t>(until) + 7) / 8 * 8;
  const auto* const base = reinterpret_cast<std::uint64_t*>(stack_switch::base_of(current()));
  for (const auto* word = reinterpret_cast<const std::uint64_t*>(address); word < base; ++word) {
    add(*word);
  }
  return hash;
}

goroutine& goroutine::make(goroutine* parent, where at) {
  goroutine* made = nullptr;
  {
    const spin_guard held(blocks.lock);
    made = blocks.free;
    if (made != nullptr) blocks.free = made->next;
  }
  if (made != nullptr) {
    made->~goroutine();
    ::new (made) goroutine;
  } else {
    auto* const fresh = new block{.older = nullptr};
    made = &fresh->self;
    const spin_guard held(blocks.lock);
    fresh->older = std::exchange(blocks.newest, fresh);
  }
  made->created_at_ = at;
  if (parent != nullptr) made->created_by_ = parent->id;
  if (parent != nullptr) made->born = parent->born;
  made->path_ = parent == nullptr ? golden : mix(parent->path_ + golden * ++parent->children_);
  return *made;
}

goroutine::~goroutine() { delete find_extra(); }

goroutine_extra& goroutine::extra() {
  goroutine_extra* found = extra_.load(std::memory_order_relaxed);  // only this thread writes it
  if (found == nullptr) {
    found = new goroutine_extra;
    extra_.store(found, std::memory_order_release);  // partner: find_extra()
  }
  return *found;
}

std::string_view goroutine::name() const {
  const goroutine_extra* const found = find_extra();
  return found == nullptr ? std::string_view() : found->name;
}

bool goroutine::is_overflow_at(const void* address) {
  const auto* const lowest = static_cast<const char*>(current().stack_);
  const auto* const byte = static_cast<const char*>(address);
  return lowest != nullptr && byte < lowest && byte >= lowest - stack::guard_bytes;
}

void goroutine::retire() {
  function.reset();
  if (const goroutine_extra* const own = find_extra()) {
    delete own;
    extra_.store(nullptr, std::memory_order_relaxed);  // no partner: nobody can find it any more
  }
  if (stack_ != nullptr) {
    sanitizer::destroy_fiber(sanitizer_);
    stack::release(stack_, stack_bytes_);
    stack_ = nullptr;
  }
  id = 0;  // debuggers take it for free
  const spin_guard held(blocks.lock);
  next = blocks.free;
  blocks.free = this;
}

bool goroutine::abandon() {
  abandoned_ = true;
  if (machine_ == nullptr) return true;
  abandoner = &current();
  // An exception that meets a noexcept frame ends here, before anything was unwound past it.
  const std::terminate_handler previous = std::set_terminate([] {
    if (current().is_abandoned()) {
      abi::__cxa_end_catch();  // frees the exception: nobody else will
      current().drop();
    }
    std::abort();
  });
  switch_to(*this, {});
  std::set_terminate(previous);
  return !dropped_;
}

void goroutine::leave() {
  goroutine& self = current();
  BRAID_ASSERT(self.is_abandoned());
  if (std::uncaught_exceptions() == 0) throw detail::abandoned{};
  self.drop();
}

void goroutine::stay_inert() {
  goroutine& self = current();
  if (++self.inert_ > inert_max) self.drop();
  if (std::uncaught_exceptions() == 0) leave();
}

void goroutine::drop() {
  dropped_ = true;
  switch_to(*abandoner, {});
  __builtin_unreachable();
}

// Where scripts/braid-gdb.py finds what it shows, in programs without debug information too: in the
// order that it knows. offsetof of classes with private members is supported by all compilers that
// compile this.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
struct debugger_view {
  const void* newest = &blocks.newest;
  std::uint64_t of_block[2] = {offsetof(block, older), offsetof(block, self)};
  std::uint64_t of_goroutine[10] = {
      offsetof(goroutine, id),    offsetof(goroutine, number), offsetof(goroutine, pending),
      offsetof(goroutine, doing),  // which begins with the reason
      stack_switch::machine_at,   stack_switch::stack_at,      stack_switch::stack_bytes_at,
      stack_switch::created_at,   stack_switch::created_by_at, sizeof(goroutine)};
  std::uint64_t of_op[3] = {offsetof(op, kind), offsetof(op, object), offsetof(op, at)};
  // Of a goroutine, and in that of the name, a std::string.
  std::uint64_t of_extra[2] = {stack_switch::extra_at, offsetof(goroutine_extra, name)};
};
#pragma GCC diagnostic pop

extern "C" {
extern const debugger_view braid_debugger_view;
[[gnu::used]] const debugger_view braid_debugger_view = {};
}

}  // namespace braid
