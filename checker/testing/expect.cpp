// Assertions of goroutines; see <braid/testing/expect.hpp>.
#include <braid/testing/expect.hpp>

#include <algorithm>
#include <atomic>
#include <braid/scheduler.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "lockstep/lockstep.hpp"

namespace braid {
namespace {

struct kept_failure {
  failed_expectation what;
  kept_failure* before = nullptr;
};

// Of production, the latest first: any thread adds to them.
std::atomic<kept_failure*> kept = nullptr;

// At exit: what nobody has asked for must not pass for success.
void speak_up() {
  const std::vector<failed_expectation> unseen = failed_expectations();
  if (unseen.empty()) return;
  for (const failed_expectation& f : unseen) {
    std::fprintf(stderr, "expect failed: %s  %s:%u\n", f.text.c_str(), f.at.file(), f.at.line());
  }
  std::fflush(nullptr);
  std::_Exit(1);
}

}  // namespace

void expect(bool condition, std::string_view text, where at) {
  if (condition) return;
  if (dynamic_cast<lockstep*>(&current_scheduler()) != nullptr) {
    // Not by an exception: the program might catch it.
    current_scheduler().end(ending::panic, 2, "expect failed: " + std::string(text), at);
    return goroutine::leave();  // it is being abandoned
  }
  static const int registered = std::atexit(speak_up);
  (void)registered;
  auto* const failure = new kept_failure{{.text = std::string(text), .at = at}};
  failure->before = kept.load();
  while (!kept.compare_exchange_weak(failure->before, failure)) {
  }
}

std::vector<failed_expectation> failed_expectations() {
  std::vector<failed_expectation> all;
  for (kept_failure* next = kept.exchange(nullptr); next != nullptr;) {
    const std::unique_ptr<kept_failure> failure(next);
    next = failure->before;
    all.push_back(std::move(failure->what));
  }
  std::reverse(all.begin(), all.end());
  return all;
}

}  // namespace braid
