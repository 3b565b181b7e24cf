// Tells a goroutine's stack overflow from other faults; see stack_overflow.hpp.
#include "pool/stack_overflow.hpp"

#include <unistd.h>
#include <algorithm>
#include <array>
#include <braid/goroutine.hpp>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "core/sanitizer.hpp"
#include "pool/ending.hpp"

namespace braid {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_ours = false;
#else
constexpr bool is_ours = true;
#endif

constexpr std::array<int, 2> signals = {SIGSEGV, SIGBUS};
std::array<struct sigaction, 2> before;

// Text of a bounded length, without allocation: a signal handler must not allocate.
class message {
 public:
  message& put(std::string_view text) {
    const std::size_t count = std::min(text.size(), text_.size() - size_);
    std::memcpy(text_.data() + size_, text.data(), count);
    size_ += count;
    return *this;
  }
  message& put(std::uint64_t number) {
    std::array<char, 24> digits;
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return put({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  std::string_view text() const { return {text_.data(), size_}; }

 private:
  std::array<char, 1024> text_;
  std::size_t size_ = 0;
};

[[noreturn]] void end_with_overflow(const goroutine& self) {
  message text;
  text.put("runtime: goroutine stack exceeds ").put(self.stack_bytes());
  text.put("-byte limit; give it more with go_options::stack\nfatal error: stack overflow\n\n");
  text.put("goroutine ").put(self.id).put(" [running]:\n");
  if (const where made = self.created_at()) {
    text.put("created by ").put(made.function()).put(" in goroutine ").put(self.created_by());
    text.put("\n\t").put(made.file()).put(":").put(made.line()).put("\n");
  }
  write_all(STDERR_FILENO, text.text());
  std::_Exit(2);
}

void handle(int number, siginfo_t* info, void*) {
  const bool is_sent = info->si_code <= 0;  // by raise() or kill(): there is no address
  if (!is_sent && goroutine::is_overflow_at(info->si_addr)) {
    end_with_overflow(goroutine::current());
  }
  // The instruction, if there is one, is tried again, and then whoever handled it before has it.
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (signals[i] == number) sigaction(number, &before[i], nullptr);
  }
  if (is_sent) raise(number);  // it is blocked until this handler returns
}

}  // namespace

overflow_handler::overflow_handler() {
  if (!is_ours) return;
  struct sigaction action {};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &action, &before[i]);
}

overflow_handler::~overflow_handler() {
  if (!is_ours) return;
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &before[i], nullptr);
}

alternate_stack::alternate_stack() {
  if (!is_ours) return;
  stack_t present{};
  if (sigaltstack(nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return;
  memory_ = std::make_unique_for_overwrite<std::byte[]>(bytes);
  const stack_t used{.ss_sp = memory_.get(), .ss_flags = 0, .ss_size = bytes};
  sigaltstack(&used, nullptr);
}

alternate_stack::~alternate_stack() {
  if (memory_ == nullptr) return;
  const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
  sigaltstack(&none, nullptr);
}

}  // namespace braid
