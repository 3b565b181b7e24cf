// Contexts, as Go's context.Context (rules X1-X14): deadlines, cancellation and values that go down
// a tree of calls.
//
//   braid::cancel_scope scope(braid::context::background(), 5s);
//   braid::go([ctx = scope.ctx()] {
//     braid::select{braid::on_recv(ctx.done(), [&] { braid::println(ctx.err().message()); }),
//                   braid::on_recv(work, [&](int w) { ... })};
//   });
//   ...                                    // the scope cancels when it ends, at the latest
//
// A context is a handle: a copy is the same context. Any goroutine may use it (X2).
#pragma once

#include <braid/chan.hpp>
#include <braid/error.hpp>
#include <braid/scheduler.hpp>
#include <braid/show.hpp>
#include <braid/where.hpp>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>

namespace braid {

// What err() of a cancelled context is (X8). Their codes are std::errc::operation_canceled and
// std::errc::timed_out.
extern const error canceled;           // "context canceled"
extern const error deadline_exceeded;  // "context deadline exceeded"

// A key for values of type T: two keys are never the same (X12). Not copyable: make it `inline
// const`, or static.
template <class T>
class context_key {
 public:
  explicit context_key(const char* name) : name_(name) {}
  context_key(const context_key&) = delete;
  context_key& operator=(const context_key&) = delete;
  const char* name() const { return name_; }

 private:
  const char* name_;
};

namespace detail {
class context_node;
class cancel_node;
}  // namespace detail

// What context::after_func() gives.
class context_func {
 public:
  // True if it prevented the call: then the function has not been called, and never will be. Does
  // not wait for one that was. Any goroutine may call it; one of them has prevented it (X11).
  bool stop(where at = {}) const;

 private:
  friend class context;
  context_func(std::shared_ptr<detail::cancel_node> of, std::uint64_t id)
      : of_(std::move(of)), id_(id) {}

  std::shared_ptr<detail::cancel_node> of_;
  std::uint64_t id_;  // 0: it was called at once
};

class context {
 public:
  // Never cancelled, without deadline or values (X1). The second says that it is not clear yet
  // which context to use.
  static context background();
  static context todo();

  // When it will be cancelled at the latest, if there is such a time.
  std::optional<time_point> deadline() const;
  // Closed when the context is cancelled; nil if it never is (X1).
  chan<std::monostate> done() const;
  // Empty until done() is closed, then canceled or deadline_exceeded, and always the same (X3).
  error err(where at = {}) const;
  // What the first cancellation gave as its cause; err() if it gave none (X9).
  error cause(where at = {}) const;

  // The value that was given with this key, by the nearest context that has one; null if none did.
  // It lives as long as the context (X12).
  template <class T>
  const T* value(const context_key<T>& key) const {
    return static_cast<const T*>(find_value(&key));
  }
  // The same context with one more value.
  template <class T>
  context with_value(const context_key<T>& key, std::type_identity_t<T> value) const {
    std::string shown;
    detail::show_value<T>(&value, shown);
    return add_value(&key, std::make_shared<const T>(std::move(value)),
                     std::string(key.name()) + ", " + shown);
  }
  // The same values, but never cancelled (X10).
  context without_cancel() const;

  // Calls f in a new goroutine when the context is cancelled, at once if it is already (X11).
  context_func after_func(std::function<void()> f, where at = {}) const;
  // A token for code that knows only these. Stop is requested by a goroutine of its own when the
  // context is cancelled: callbacks never run within cancel(). All tokens of a context are of one
  // stop state, so callbacks run one after another, and asking again and again leaves nothing
  // behind (X6).
  std::stop_token get_stop_token(where at = {}) const;

  // Its making, as context.Background.WithCancel (X14). With a deadline it reads the clock.
  std::string to_string(where at = {}) const;

  friend bool operator==(const context&, const context&) = default;

 private:
  friend class cancel_scope;
  explicit context(std::shared_ptr<const detail::context_node> node) : node_(std::move(node)) {}
  const void* find_value(const void* key) const;
  context add_value(const void* key, std::shared_ptr<const void> value, std::string text) const;
  std::shared_ptr<detail::cancel_node> canceller() const;

  std::shared_ptr<const detail::context_node> node_;
};

// A context that is cancelled by cancel(), by its parent, at its deadline, or when the scope ends,
// whichever comes first; and with it all contexts that were made from it, in the order in which
// they were (Go promises no order: X2, X4).
class cancel_scope {
 public:
  explicit cancel_scope(const context& parent, where at = {});
  // The deadline of the parent stays if it is earlier (X7). `cause` is given when the deadline
  // comes. A timeout counts from a reading of the clock.
  cancel_scope(const context& parent, duration timeout, error cause = {}, where at = {});
  cancel_scope(const context& parent, time_point deadline, error cause = {}, where at = {});
  // Cancelled by a goroutine of its own when stop is requested, which must happen in a goroutine.
  explicit cancel_scope(std::stop_token token, where at = {});
  // Does not compile: a scope is not copied.
  template <std::same_as<cancel_scope> Scope>
  explicit cancel_scope(Scope&, where = {}) {
    static_assert(!std::same_as<Scope, cancel_scope>,
                  "a scope is no copy of another; for its child write cancel_scope "
                  "child(parent.ctx())");
  }
  cancel_scope(const cancel_scope&) = delete;
  cancel_scope& operator=(const cancel_scope&) = delete;
  // Cancels. May be left by the exception that ends a goroutine with its program.
  ~cancel_scope() noexcept(false);

  context ctx() const;
  operator context() const { return ctx(); }
  // Without a cause it is `canceled` (X9). Does nothing if the context is cancelled already. Does
  // not wait for anybody (X2).
  void cancel(error cause = {}, where at = {});

 private:
  std::shared_ptr<detail::cancel_node> node_;
  std::unique_ptr<std::stop_callback<std::function<void()>>> on_stop_;
  where at_;
};

std::string to_string(const context& c, where at = {});

}  // namespace braid
