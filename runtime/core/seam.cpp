// Which scheduler is behind the seam, and the one that stands there while no program runs.
#include <unistd.h>
#include <braid/named.hpp>
#include <braid/panic.hpp>
#include <braid/scheduler.hpp>
#include <cstdio>
#include <cstdlib>

namespace braid {
namespace {

// Outside of a program objects may be made and destroyed, and nothing else (rule G9).
class nowhere final : public scheduler {
 public:
  bool before(const op& next) override { refuse(next.at); }
  void after(const event&) override {}
  void park(const op& waiting, off_stack) override { refuse(waiting.at); }
  void ready(goroutine&) override { refuse(where::unknown()); }
  void spawn(goroutine& child) override { refuse(child.created_at()); }
  void finish() override { refuse(where::unknown()); }
  void end(ending how, int code, std::string_view text, where at) override {
    if (!goroutine::current().is_thread()) refuse(at);
    if (how == ending::exit) std::exit(code);
    std::fprintf(stderr, "fatal error: %.*s\n", static_cast<int>(text.size()), text.data());
    refuse(at);
  }
  std::uint32_t choose(std::uint32_t) override { refuse(where::unknown()); }
  std::uint64_t random() override { refuse(where::unknown()); }
  time_point now() override { refuse(where::unknown()); }
  void arm(alarm&) override { refuse(where::unknown()); }
  bool disarm(alarm&) override { refuse(where::unknown()); }

 private:
  [[noreturn]] static void refuse(where at) {
    // A goroutine that was computing when its program ended, and could not be stopped.
    while (!goroutine::current().is_thread()) pause();
    std::fprintf(stderr, "fatal error: a braid operation outside of braid::run");
    if (at) std::fprintf(stderr, "  %s:%u", at.file(), at.line());
    std::fprintf(stderr, "\n");
    std::_Exit(2);
  }
};

nowhere outside;
// Atomic for a goroutine that computes on when its program has ended; see run.cpp.
std::atomic<scheduler*> installed = &outside;

}  // namespace

// Partner: the store in scheduler_scope, for that goroutine; all others were started by theirs.
scheduler& current_scheduler() { return *installed.load(std::memory_order_acquire); }

scheduler_scope::scheduler_scope(scheduler& next, bool watch) {
  scheduler* none = &outside;
  if (!installed.compare_exchange_strong(none, &next)) {
    std::fprintf(stderr, "fatal error: %s\n", detail::one_runs_already);
    std::_Exit(2);
  }
  ++detail::programs;
  detail::watch = watch;
}

scheduler_scope::~scheduler_scope() {
  installed = &outside;
  detail::watch = true;
}

namespace detail {

constinit std::atomic<bool> watch = true;
constinit std::atomic<std::uint64_t> programs = 0;
constinit spurious_behaviour spurious;

bool happens_if(bool allowed) { return allowed && watched() && current_scheduler().choose(2) == 1; }

// The checker takes the registers that a goroutine keeps across an operation for a part of its
// state (checker/lockstep/repetitions.hpp). g++ copies a whole register to keep one byte of it:
// what the checker left in the rest would make each turn of a loop look different.
#if __has_attribute(zero_call_used_regs)
#define BRAID_LEAVES_NO_TRACE [[gnu::zero_call_used_regs("all-gpr")]]
#else
#define BRAID_LEAVES_NO_TRACE
#endif

BRAID_LEAVES_NO_TRACE bool announce(const op& next) {
  std::uint64_t goes_on = current_scheduler().before(next);
  asm("" : "+r"(goes_on));  // all of the register, not only a bool's byte
  return goes_on != 0;
}
BRAID_LEAVES_NO_TRACE void report(const event& done) { current_scheduler().after(done); }

void report_made(const void* object, std::string_view kind, where at, std::int64_t argument) {
  report(
      {.done = {
           .kind = op_kind::made, .object = object, .argument = argument, .text = kind, .at = at}});
}

void report_name(const void* object, std::string_view name) {
  current_scheduler().name(object, name);
}

void report_destroyed(const void* object) {
  report({.done = {.kind = op_kind::destroyed, .object = object}});
}

}  // namespace detail
}  // namespace braid
