// Where idle workers sleep, and who wakes them; see parking.hpp.
#include "pool/parking.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <algorithm>
#include <braid/panic.hpp>
#include <cerrno>
#include <utility>

namespace braid {
namespace {

// FUTEX_WAIT_BITSET takes an absolute time of CLOCK_MONOTONIC; false if that has come.
bool futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t while_it_is,
                std::int64_t deadline_ns) {
  constexpr std::int64_t second_ns = 1'000'000'000;
  const timespec until{.tv_sec = std::max<std::int64_t>(deadline_ns, 0) / second_ns,
                       .tv_nsec = std::max<std::int64_t>(deadline_ns, 0) % second_ns};
  const timespec* limit = deadline_ns == parking::never_ns ? nullptr : &until;
  const long result = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, while_it_is, limit,
                              nullptr, FUTEX_BITSET_MATCH_ANY);
  return result == 0 || errno != ETIMEDOUT;
}

}  // namespace

bool parking_spot::wait_until(std::int64_t deadline_ns) {
  for (;;) {
    // Partner: signal(). What the signaller did before is visible to the woken worker.
    if (signalled_.exchange(0, std::memory_order_acquire) == 1) return true;
    if (!futex_wait(signalled_, 0, deadline_ns)) {
      return signalled_.exchange(0, std::memory_order_acquire) == 1;  // the same
    }
  }
}

void parking_spot::signal() {
  signalled_.store(1, std::memory_order_release);  // partner: wait_until()
  syscall(SYS_futex, &signalled_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

parking::parking(unsigned workers, unsigned spinners_max)
    : workers_(workers),
      spinners_max_(spinners_max),
      spots_(std::make_unique<parking_spot[]>(workers)) {
  sleeping_.reserve(workers);
}

void parking::wake_one() {
  const spin_guard held(lock_);
  // Two pushers may both have seen no spinner; the second finds the one that the first woke.
  if (sleeping_.empty() || spinners_.load(std::memory_order_relaxed) > 0) return;
  const bool last_keeps = sleeping_.back() == keeper_ && sleeping_.size() > 1;
  wake(sleeping_.size() - (last_keeps ? 2 : 1));
}

void parking::wake_all() {
  const spin_guard held(lock_);
  while (!sleeping_.empty()) wake(sleeping_.size() - 1);
  is_ended_ = true;
  watcher_.signal();
}

void parking::deadline_is_armed(std::int64_t deadline_ns) {
  // Relaxed: the timers' lock orders it, as told in parking.hpp.
  if (sleepers_.load(std::memory_order_relaxed) == 0) return;
  {
    const spin_guard held(lock_);
    if (keeper_ != nobody) {
      if (deadline_ns >= keeper_until_ns_) return;
      const auto at = std::find(sleeping_.begin(), sleeping_.end(), keeper_);
      BRAID_ASSERT(at != sleeping_.end());
      wake(static_cast<std::size_t>(at - sleeping_.begin()));
      return;
    }
  }
  wake_one();
}

bool parking::start_spinning() {
  unsigned spinning = spinners_.load(std::memory_order_relaxed);  // decided by the exchange
  while (spinning < spinners_max_) {
    if (spinners_.compare_exchange_weak(spinning, spinning + 1)) return true;
  }
  return false;
}

std::uint64_t parking::enlist(unsigned worker) {
  const spin_guard held(lock_);
  sleeping_.push_back(worker);
  sleepers_.store(static_cast<unsigned>(sleeping_.size()), std::memory_order_relaxed);  // lock_
  ++stamp_;
  return are_all_asleep() ? stamp_ : 0;
}

bool parking::are_all_asleep_since(std::uint64_t stamp) {
  const spin_guard held(lock_);
  return stamp_ == stamp && are_all_asleep();
}

void parking::errand_begins() {
  const spin_guard held(lock_);
  ++errands_;
  ++stamp_;
}

std::uint64_t parking::errand_ends() {
  const spin_guard held(lock_);
  BRAID_ASSERT(errands_ > 0);
  --errands_;
  ++stamp_;
  return are_all_asleep() ? stamp_ : 0;
}

void parking::withdraw(unsigned worker) {
  {
    const spin_guard held(lock_);
    const auto at = std::find(sleeping_.begin(), sleeping_.end(), worker);
    if (at != sleeping_.end()) {
      remove(static_cast<std::size_t>(at - sleeping_.begin()));
      spinners_.fetch_add(1, std::memory_order_relaxed);  // lock_
      return;
    }
  }
  const bool was_signalled = spots_[worker].wait_until(never_ns);
  BRAID_ASSERT(was_signalled);
}

bool parking::become_keeper(unsigned worker) {
  const spin_guard held(lock_);
  if (keeper_ != nobody) return false;
  if (std::find(sleeping_.begin(), sleeping_.end(), worker) == sleeping_.end()) return false;
  keeper_ = worker;
  keeper_until_ns_ = never_ns;
  return true;
}

void parking::note_deadline(unsigned worker, std::int64_t deadline_ns) {
  const spin_guard held(lock_);
  if (keeper_ == worker) keeper_until_ns_ = deadline_ns;  // else it was woken meanwhile
}

void parking::doze(std::int64_t deadline_ns) {
  {
    const spin_guard held(lock_);
    if (is_ended_) return;
    watcher_waits_ = deadline_ns != never_ns && sleeping_.size() == workers_;
    if (watcher_waits_) deadline_ns = never_ns;
  }
  watcher_.wait_until(deadline_ns);
}

bool parking::lacks_keeper() {
  const spin_guard held(lock_);
  return !sleeping_.empty() && keeper_ == nobody;
}

// REQUIRES: lock_ for both.
void parking::wake(std::size_t index) {
  const unsigned worker = sleeping_[index];
  remove(index);
  spinners_.fetch_add(1, std::memory_order_relaxed);  // lock_, and the signal below
  spots_[worker].signal();
}

void parking::remove(std::size_t index) {
  if (sleeping_[index] == keeper_) keeper_ = nobody;
  sleeping_.erase(sleeping_.begin() + static_cast<std::ptrdiff_t>(index));
  sleepers_.store(static_cast<unsigned>(sleeping_.size()), std::memory_order_relaxed);  // lock_
  ++stamp_;
  if (std::exchange(watcher_waits_, false)) watcher_.signal();
}

}  // namespace braid
