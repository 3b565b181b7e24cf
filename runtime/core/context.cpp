// Contexts; see <braid/context.hpp>.
//
// A context is a node that refers to its parent. Only the nodes of scopes can be cancelled; what is
// asked of another one goes up to the nearest of them.
//
// Invariants, while the lock of a cancel_node is free:
//  * err_ is set iff done_ is closed (rule X3): both happen under the lock;
//  * children_ holds whoever has to hear of the cancellation; it is empty once that came (X6).
// Locks are taken from parent to child (X4).
#include <braid/context.hpp>

#include <braid/go.hpp>
#include <braid/mutex.hpp>
#include <braid/timer.hpp>
#include <map>

#include "core/timer_core.hpp"

namespace braid {

const error canceled("context canceled", std::make_error_code(std::errc::operation_canceled));
const error deadline_exceeded("context deadline exceeded",
                              std::make_error_code(std::errc::timed_out));

namespace detail {

class context_node : public std::enable_shared_from_this<context_node> {
 public:
  explicit context_node(std::shared_ptr<const context_node> parent) : parent_(std::move(parent)) {}
  virtual ~context_node() = default;

  const context_node* parent() const { return parent_.get(); }
  virtual std::string text(where at) const = 0;
  virtual bool ends_cancellation() const { return parent_ == nullptr; }
  virtual const void* find(const void*) const { return nullptr; }
  virtual const cancel_node* as_canceller() const { return nullptr; }

 private:
  const std::shared_ptr<const context_node> parent_;
};

namespace {

class root_node final : public context_node {
 public:
  explicit root_node(const char* name) : context_node(nullptr), name_(name) {}
  std::string text(where) const override { return name_; }

 private:
  const char* name_;
};

class value_node final : public context_node {
 public:
  value_node(std::shared_ptr<const context_node> parent, const void* key,
             std::shared_ptr<const void> value, std::string text)
      : context_node(std::move(parent)), key_(key), value_(std::move(value)), text_(text) {}
  std::string text(where) const override { return ".WithValue(" + text_ + ")"; }
  const void* find(const void* key) const override { return key == key_ ? value_.get() : nullptr; }

 private:
  const void* key_;
  std::shared_ptr<const void> value_;
  std::string text_;
};

class without_cancel_node final : public context_node {
 public:
  using context_node::context_node;
  std::string text(where) const override { return ".WithoutCancel"; }
  bool ends_cancellation() const override { return true; }
};

std::string seconds(duration d) {
  std::string text = std::to_string(std::chrono::duration<double>(d).count());
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + "s";
}

}  // namespace

class cancel_node final : public context_node {
 public:
  cancel_node(std::shared_ptr<const context_node> parent, std::optional<time_point> deadline,
              where at)
      : context_node(std::move(parent)),
        deadline_(deadline),
        lock_(mutex::part_of{"context"}, at),
        done_(make_chan<std::monostate>(0, at)) {}

  std::string text(where at) const override {
    if (!deadline_) return ".WithCancel";
    const duration left = time_between(clock::now(at), *deadline_);
    return ".WithDeadline(" + seconds(deadline_->time_since_epoch()) + " [" + seconds(left) + "])";
  }
  const cancel_node* as_canceller() const override { return this; }
  std::shared_ptr<cancel_node> shared() {
    return std::static_pointer_cast<cancel_node>(shared_from_this());
  }

  std::optional<time_point> deadline() const { return deadline_; }
  chan<std::monostate> done() const { return done_; }
  error err(where at) { return get(err_, at); }
  error cause(where at) { return get(cause_, at); }

  // From now on it is cancelled with its parent.
  void follow(std::shared_ptr<cancel_node> parent, where at);
  void cancel(const error& err, const error& cause, where at);
  // The same, and its parent forgets it.
  void cancel_and_leave(const error& err, const error& cause, where at);
  void cancel_at_deadline(const error& cause, where at);

  // Calls f in a goroutine of its own when it is cancelled. 0: at once.
  std::uint64_t add(std::function<void()> f, where at);
  // False if it was not there any more.
  bool remove(std::uint64_t child, where at);
  // The same for each call, until it is cancelled.
  std::stop_token stop_token(where at);

 private:
  // Who has to hear of the cancellation: a context, or else a function.
  struct child {
    std::weak_ptr<cancel_node> node;
    std::function<void()> f;
  };

  error get(const error& what, where at) {
    lock_.lock(at);
    error copy = what;
    lock_.unlock(at);
    return copy;
  }

  const std::optional<time_point> deadline_;
  mutex lock_;
  chan<std::monostate> done_;
  std::shared_ptr<cancel_node> followed_;  // the parent that can cancel it
  std::uint64_t place_ = 0;                // among the children of that one
  // Protected by lock_:
  error err_;
  error cause_;
  std::map<std::uint64_t, child> children_;  // by the order of their coming
  std::uint64_t children_added_ = 0;
  std::optional<func_timer> timer_;
  std::stop_source stop_{std::nostopstate};  // of all stop tokens
};

void cancel_node::follow(std::shared_ptr<cancel_node> parent, where at) {
  if (parent == nullptr) return;
  parent->lock_.lock(at);
  if (parent->err_) {
    cancel(parent->err_, parent->cause_, at);
  } else {
    place_ = ++parent->children_added_;
    parent->children_[place_] = {shared(), {}};
    followed_ = parent;
  }
  parent->lock_.unlock(at);
}

void cancel_node::cancel(const error& err, const error& cause, where at) {
  lock_.lock(at);
  if (err_) return lock_.unlock(at);
  err_ = err;
  cause_ = cause ? cause : err;
  done_.close(at);
  for (auto& [place, one] : std::exchange(children_, {})) {
    if (one.f) {
      go(std::move(one.f), at);
    } else if (const auto node = one.node.lock()) {
      node->cancel(err_, cause_, at);
    }
  }
  if (timer_) timer_->stop(at);
  lock_.unlock(at);
}

void cancel_node::cancel_and_leave(const error& err, const error& cause, where at) {
  cancel(err, cause, at);
  if (followed_ != nullptr) followed_->remove(place_, at);
}

void cancel_node::cancel_at_deadline(const error& cause, where at) {
  const duration left = time_between(clock::now(at), *deadline_);
  if (left <= duration::zero()) return cancel_and_leave(deadline_exceeded, cause, at);
  lock_.lock(at);
  if (!err_) {
    timer_ = braid::after_func(
        left,
        [self = std::weak_ptr(shared()), cause, at] {
          if (const auto node = self.lock()) node->cancel_and_leave(deadline_exceeded, cause, at);
        },
        at);
  }
  lock_.unlock(at);
}

std::uint64_t cancel_node::add(std::function<void()> f, where at) {
  lock_.lock(at);
  std::uint64_t place = 0;
  if (err_) {
    go(std::move(f), at);
  } else {
    place = ++children_added_;
    children_[place] = {{}, std::move(f)};
  }
  lock_.unlock(at);
  return place;
}

bool cancel_node::remove(std::uint64_t place, where at) {
  lock_.lock(at);
  const auto removed = children_.extract(place);
  lock_.unlock(at);
  return !removed.empty();
}

std::stop_token cancel_node::stop_token(where at) {
  lock_.lock(at);
  std::stop_source source = stop_;
  if (err_) {
    // Not that of before, whose callbacks are for the goroutine that cancel() has started.
    source = std::stop_source();
    source.request_stop();
  } else if (!source.stop_possible()) {
    stop_ = source = std::stop_source();
    children_[++children_added_] = {{}, [source]() mutable { source.request_stop(); }};
  }
  lock_.unlock(at);
  return source.get_token();
}

}  // namespace detail

using detail::cancel_node;
using detail::context_node;

context context::background() {
  return context(std::make_shared<detail::root_node>("context.Background"));
}

context context::todo() { return context(std::make_shared<detail::root_node>("context.TODO")); }

// Null if it is never cancelled.
std::shared_ptr<cancel_node> context::canceller() const {
  for (const context_node* n = node_.get(); n != nullptr; n = n->parent()) {
    if (const cancel_node* found = n->as_canceller()) {
      return const_cast<cancel_node*>(found)->shared();  // nodes are made, and locked, as such
    }
    if (n->ends_cancellation()) return nullptr;
  }
  return nullptr;
}

std::optional<time_point> context::deadline() const {
  for (const context_node* n = node_.get(); n != nullptr; n = n->parent()) {
    const cancel_node* found = n->as_canceller();
    if (found != nullptr && found->deadline()) return found->deadline();
    if (n->ends_cancellation()) return std::nullopt;
  }
  return std::nullopt;
}

chan<std::monostate> context::done() const {
  const auto by = canceller();
  return by == nullptr ? nullptr : by->done();
}

error context::err(where at) const {
  const auto by = canceller();
  return by == nullptr ? error() : by->err(at);
}

error context::cause(where at) const {
  const auto by = canceller();
  return by == nullptr ? error() : by->cause(at);
}

const void* context::find_value(const void* key) const {
  for (const context_node* n = node_.get(); n != nullptr; n = n->parent()) {
    if (const void* found = n->find(key)) return found;
  }
  return nullptr;
}

context context::add_value(const void* key, std::shared_ptr<const void> value,
                           std::string text) const {
  return context(
      std::make_shared<detail::value_node>(node_, key, std::move(value), std::move(text)));
}

context context::without_cancel() const {
  return context(std::make_shared<detail::without_cancel_node>(node_));
}

context_func context::after_func(std::function<void()> f, where at) const {
  auto by = canceller();
  // Somebody has to know whether it was stopped, also where nobody cancels.
  if (by == nullptr) by = std::make_shared<cancel_node>(node_, std::nullopt, at);
  const std::uint64_t id = by->add(std::move(f), at);
  return {std::move(by), id};
}

bool context_func::stop(where at) const { return of_->remove(id_, at); }

std::stop_token context::get_stop_token(where at) const {
  const auto by = canceller();
  return by == nullptr ? std::stop_token() : by->stop_token(at);
}

std::string context::to_string(where at) const {
  std::string text;
  for (const context_node* n = node_.get(); n != nullptr; n = n->parent()) {
    text = n->text(at) + text;
  }
  return text;
}

std::string to_string(const context& c, where at) { return c.to_string(at); }

cancel_scope::cancel_scope(const context& parent, where at)
    : node_(std::make_shared<cancel_node>(parent.node_, std::nullopt, at)), at_(at) {
  node_->follow(parent.canceller(), at);
}

cancel_scope::cancel_scope(const context& parent, duration timeout, error cause, where at)
    : cancel_scope(parent, detail::moment_after(clock::now(at), timeout), std::move(cause), at) {}

cancel_scope::cancel_scope(const context& parent, time_point deadline, error cause, where at)
    : at_(at) {
  const auto earlier = parent.deadline();
  const bool is_own = !earlier || deadline <= *earlier;
  node_ = std::make_shared<cancel_node>(parent.node_,
                                        is_own ? std::optional(deadline) : std::nullopt, at);
  node_->follow(parent.canceller(), at);
  if (is_own) node_->cancel_at_deadline(cause, at);
}

cancel_scope::cancel_scope(std::stop_token token, where at)
    : cancel_scope(context::background(), at) {
  if (token.stop_requested()) {
    cancel({}, at);
    return;
  }
  on_stop_ = std::make_unique<std::stop_callback<std::function<void()>>>(
      std::move(token), [self = std::weak_ptr(node_), at] {
        go(
            [self, at] {
              if (const auto node = self.lock()) node->cancel_and_leave(canceled, {}, at);
            },
            at);
      });
}

cancel_scope::~cancel_scope() noexcept(false) { cancel({}, at_); }

context cancel_scope::ctx() const { return context(node_); }

void cancel_scope::cancel(error cause, where at) { node_->cancel_and_leave(canceled, cause, at); }

}  // namespace braid
