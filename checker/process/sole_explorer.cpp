// Who explores; see sole_explorer.hpp.
#include "process/sole_explorer.hpp"

#include <atomic>
#include <braid/scheduler.hpp>
#include <stdexcept>

namespace braid {
namespace {

thread_local char this_thread;  // has an address of its own in each
std::atomic<const char*> holder = nullptr;

// True if nobody had it.
bool take(const std::string& program) {
  if (!goroutine::current().is_thread()) {
    throw std::logic_error("braid: '" + program +
                           "' would be explored from within a goroutine; explore it on the test's "
                           "own thread");
  }
  const char* before = nullptr;
  if (holder.compare_exchange_strong(before, &this_thread)) return true;
  if (before == &this_thread) return false;
  throw std::logic_error("braid: '" + program +
                         "' would be explored while another exploration is under way; in one "
                         "process they follow one another");
}

}  // namespace

sole_explorer::sole_explorer(const std::string& program) : is_outermost_(take(program)) {}

sole_explorer::~sole_explorer() {
  if (is_outermost_) holder = nullptr;
}

}  // namespace braid
