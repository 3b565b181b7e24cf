// A goroutine's control block: its stack, its function and its identity, as the schedulers see it.
//
// Life: made by go() -> spawn() hands it to the scheduler -> switch_to() runs it, again and again
// -> its function returns, finish() -> retire() when it is off its stack. A stack is bound at the
// first switch and given back by retire(), so a goroutine that has not run yet costs one block
// only.
//
// Thread safety: a goroutine runs on one thread at a time; the fields below belong to whoever runs
// it, or to the scheduler while nobody does.
#pragma once

#include <atomic>
#include <braid/wait_reason.hpp>
#include <braid/where.hpp>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace braid {

struct op;
struct off_stack;
struct goroutine_extra;

// The function of a goroutine with its arguments, type-erased; small ones need no allocation.
class closure {
 public:
  closure() = default;
  closure(const closure&) = delete;
  closure& operator=(const closure&) = delete;
  ~closure() { reset(); }

  template <class F>
  void set(F&& function);
  void operator()() { run_(storage()); }
  void reset();

 private:
  void* storage() { return heap_ != nullptr ? heap_ : static_cast<void*>(inline_); }

  static constexpr std::size_t inline_bytes = 48;
  void (*run_)(void*) = nullptr;
  void (*destroy_)(void*) = nullptr;
  void* heap_ = nullptr;
  alignas(std::max_align_t) std::byte inline_[inline_bytes];
};

class goroutine {
 public:
  goroutine() = default;  // stands for the thread that constructs it: see switch_to()
  goroutine(const goroutine&) = delete;
  goroutine& operator=(const goroutine&) = delete;
  ~goroutine();

  // The goroutine, or the thread's own stand-in, that runs here. Never inlined: the address of a
  // thread-local must not be kept across a switch.
  [[gnu::noinline]] static goroutine& current();

  // Leaves the current goroutine (or thread) and goes on in `to`, where `then` runs first.
  // Returns when somebody switches back.
  static void switch_to(goroutine& to, off_stack then);

  // Takes a block with a new identity: the `created`-th child of `parent`.
  static goroutine& make(goroutine* parent, where at);
  // Gives back block and stack. REQUIRES: off its stack, or never run.
  void retire();

  // Runs the rest of a goroutine that was left standing, so that its destructors run: from its
  // point of view, the operation in which it waits throws. Called by the scheduler, from a thread.
  // False if the stack had to be dropped because an exception could not pass it.
  bool abandon();
  bool is_abandoned() const { return abandoned_; }
  // In an abandoned goroutine: leaves by unwinding, or at once where an exception would not pass.
  [[noreturn]] static void leave();
  // In an abandoned goroutine, at each operation: returns if the operation must do nothing because
  // the stack is being unwound, else leaves. A destructor that loops until somebody answers is
  // left after inert_max operations.
  static void stay_inert();

  // A hash of all that the running goroutine's own code goes on with, but for the heap: of the
  // registers that a call preserves and of the stack, from its base down to `until`. REQUIRES: the
  // caller holds nothing that changes from call to call in these registers, or above `until`.
  [[gnu::noinline]] static std::uint64_t hash_of_state(const void* until);

  // True if `address` lies in the guard below the stack of the goroutine that runs here: a fault
  // there is a stack overflow. Safe in a signal handler.
  static bool is_overflow_at(const void* address);
  // Bytes of its stack.
  std::size_t stack_bytes() const { return stack_bytes_; }
  // Asks for a stack of at least so many bytes. REQUIRES: it has not run.
  void want_stack(std::size_t bytes) { stack_bytes_ = bytes; }

  // What few goroutines have: see core/goroutine_extra.hpp. The first makes it if there is none.
  goroutine_extra& extra();
  const goroutine_extra* find_extra() const {
    return extra_.load(std::memory_order_acquire);  // partner: extra(); a dump reads the name
  }
  // As given by go_options; empty if none was. Set before it is spawned.
  std::string_view name() const;

  // A thread's own stand-in, not a goroutine. REQUIRES: it runs here.
  bool is_thread() const { return stack_ == nullptr; }

  // The spawn path from main, hashed: the same in every execution that makes the same spawns.
  std::uint64_t path() const { return path_; }
  where created_at() const { return created_at_; }
  std::uint64_t created_by() const { return created_by_; }  // the id of its parent; main has none

  closure function;
  wait_note doing;  // written by who runs or wakes it, read by dumps

  // Owned by the scheduler:
  std::uint64_t id = 0;          // as Go counts: main is 1
  std::uint32_t number = 0;      // in the order of creation; main is 0
  std::uint32_t objects = 0;     // made so far
  std::uint64_t draws = 0;       // of random()
  bool woke_spuriously = false;  // from the wait of a cond
  // For the checker, of its latest operations while they only observe: how many, and a filter.
  std::uint32_t idle = 0;
  std::uint64_t recent = 0;
  const op* pending = nullptr;  // what it announced or waits in
  goroutine* next = nullptr;    // link of one queue
  goroutine* previous = nullptr;
  std::uint64_t born = 0;  // a stamp greater than the parent's, which it is until it is spawned
  std::uint32_t home = 0;  // which list of live goroutines it is in
  // The thread_locks that it holds; written by itself.
  std::atomic<std::uint32_t> thread_locks = 0;
  bool has_thread() const {
    return thread_locks.load(std::memory_order_relaxed) != 0;  // for dumps; who wakes it has a lock
  }

 private:
  friend struct stack_switch;

  [[noreturn]] void drop();
  static constexpr std::uint32_t inert_max = 1000;

  void* machine_ = nullptr;   // saved registers
  void* stack_ = nullptr;     // lowest usable address
  void* exceptions_[2] = {};  // C++ exception state: caught chain, uncaught count
  void* sanitizer_[3] = {};   // fiber handles of ASan and TSan
  std::atomic<goroutine_extra*> extra_ = nullptr;
  std::size_t stack_bytes_ = 0;  // 0: as many as usual
  std::uint64_t created_by_ = 0;
  std::uint64_t path_ = 0;
  std::uint32_t children_ = 0;  // spawned so far
  std::uint32_t inert_ = 0;     // operations since it was abandoned
  bool abandoned_ = false;
  bool dropped_ = false;
  where created_at_ = where::unknown();
};

template <class F>
void closure::set(F&& function) {
  using function_type = std::decay_t<F>;
  void* place = inline_;
  if constexpr (sizeof(function_type) > inline_bytes ||
                alignof(function_type) > alignof(std::max_align_t)) {
    place = heap_ =
        ::operator new (sizeof(function_type), std::align_val_t{alignof(function_type)});
  }
  ::new (place) function_type(std::forward<F>(function));
  run_ = [](void* at) { (*static_cast<function_type*>(at))(); };
  destroy_ = [](void* at) {
    auto* f = static_cast<function_type*>(at);
    f->~function_type();
    if constexpr (sizeof(function_type) > inline_bytes ||
                  alignof(function_type) > alignof(std::max_align_t)) {
      ::operator delete (at, std::align_val_t{alignof(function_type)});
    }
  };
}

inline void closure::reset() {
  if (destroy_ != nullptr) std::exchange(destroy_, nullptr)(storage());
  heap_ = nullptr;
}

}  // namespace braid
