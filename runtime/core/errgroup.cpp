// errgroup; see <braid/errgroup.hpp>.
#include <braid/errgroup.hpp>
#include <braid/panic.hpp>
#include <string>

namespace braid {

void errgroup::set_limit(int n, where at) {
  if (const std::size_t active = limit_.size(at); active != 0) {
    throw runtime_panic("errgroup: modify limit while " + std::to_string(active) +
                            " goroutines in the group are still active",
                        at);
  }
  limit_ = n < 0 ? slots() : make_chan<std::monostate>(n, at);
}

void errgroup::finished(slots taken, error result, where at) {
  if (result) {
    lock_.lock(at);
    const bool is_first = !first_;
    if (is_first) first_ = std::move(result);
    const error cause = first_;
    lock_.unlock(at);
    if (is_first && scope_) scope_->cancel(cause, at);
  }
  if (taken) taken.recv(at);
  running_.done(at);  // the last: the group may die now
}

error errgroup::wait(where at) {
  running_.wait(at);
  if (scope_) scope_->cancel(first_, at);
  return first_;  // all that wrote it have called done()
}

}  // namespace braid
