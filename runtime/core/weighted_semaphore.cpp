// weighted_semaphore; see <braid/weighted_semaphore.hpp>.
#include <braid/panic.hpp>
#include <braid/scheduler.hpp>
#include <braid/weighted_semaphore.hpp>

namespace braid {

bool weighted_semaphore::take_or_queue(std::int64_t n, request& own, where at) {
  forget_left_overs();
  const bool is_free = size_ - held_ >= n && waiters_.empty();
  if (is_free) held_ += n;
  if (!is_free && n <= size_) {
    own.taken = make_chan<std::monostate>(0, at);
    own.place = waiters_.insert(waiters_.end(), {n, own.taken});
  }
  return is_free;
}

bool weighted_semaphore::try_acquire(std::int64_t n, where at) {
  lock_.lock(at);
  forget_left_overs();
  const bool is_free = size_ - held_ >= n && waiters_.empty();
  if (is_free) held_ += n;
  lock_.unlock(at);
  return is_free;
}

void weighted_semaphore::release(std::int64_t n, where at) {
  lock_.lock(at);
  if (n > held_) {
    lock_.unlock(at);
    throw runtime_panic("semaphore: released more than held", at);
  }
  held_ -= n;
  forget_left_overs();
  serve(at);
  lock_.unlock(at);
}

void weighted_semaphore::withdraw(const request& own, std::int64_t n, where at) {
  lock_.lock(at);
  if (select(recv(own.taken), otherwise, at) == 0) {
    held_ -= n;  // taken for us after `done`: as if it were not
  } else {
    waiters_.erase(own.place);
  }
  serve(at);  // those behind us may be small enough
  lock_.unlock(at);
}

// Those who waited when an earlier program ended; see wait_queue.hpp.
void weighted_semaphore::forget_left_overs() {
  if (program_ != detail::this_program()) waiters_.clear();
  program_ = detail::this_program();
}

void weighted_semaphore::serve(where at) {
  while (!waiters_.empty() && size_ - held_ >= waiters_.front().n) {
    waiter first = std::move(waiters_.front());
    waiters_.pop_front();
    held_ += first.n;
    first.taken.close(at);
  }
}

}  // namespace braid
