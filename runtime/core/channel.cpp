// Channels and select, for elements of any type.
//
// Every operation is a select, of one arm or more:
//   1. lock all its channels, in the order of their addresses, each once;
//   2. collect the arms that can proceed at this instant (rule S3), and commit one of them;
//   3. if none can, link the arms into their channels' queues and park. The partner that comes
//      first claims the select and completes its arm: it moves the value directly between the two
//      stacks, or between stack and buffer, so that nobody can barge in (rule C6). Of several arms
//      that do the same on one channel one is linked, chosen beforehand: a partner that finds them
//      all ready takes any of them (rule S4).
// With one arm, in production, nothing is collected or sorted, and the partner need not compete for
// the claim: select_alone(). That made a send through a buffer twice as fast.
//
// Rejected: looking at the cases one after another (a select with default could then miss a channel
// that was ready at every instant, rule S3); separate code for send and receive (Go's chan.go has
// the logic three times).
#include "core/channel.hpp"

#include <algorithm>
#include <array>
#include <braid/spin_lock.hpp>
#include <braid/wait_queue.hpp>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/channel_state.hpp"

namespace braid::detail {
namespace {

// The distinct channels of a select, in the order in which every select locks them.
class locked_channels {
 public:
  explicit locked_channels(std::span<select_arm> arms) : locked_channels(arms, arms.size()) {
    for (const select_arm& arm : arms) {
      if (arm.on != nullptr) begin_[count_++] = arm.on;
    }
    if (count_ <= 1) return;
    std::sort(begin_, begin_ + count_);
    count_ = static_cast<std::size_t>(std::unique(begin_, begin_ + count_) - begin_);
  }
  locked_channels(const locked_channels&) = delete;
  locked_channels& operator=(const locked_channels&) = delete;

  void lock() {
    for (std::size_t i = 0; i < count_; ++i) begin_[i]->lock().lock();
  }
  void unlock() {
    for (std::size_t i = count_; i-- > 0;) begin_[i]->lock().unlock();
  }
  std::size_t count() const { return count_; }
  off_stack unlocking() {
    return {[](void* self) { static_cast<locked_channels*>(self)->unlock(); }, this};
  }

 private:
  static constexpr std::size_t few_max = 8;

  locked_channels(std::span<select_arm>, std::size_t arms_count) {
    if (arms_count <= few_max) return;
    many_ = std::make_unique<channel*[]>(arms_count);
    begin_ = many_.get();
  }

  std::array<channel*, few_max> few_;
  std::unique_ptr<channel*[]> many_;
  channel** begin_ = few_.data();
  std::size_t count_ = 0;
};

struct commitment {
  int arm = -1;
  goroutine* woken = nullptr;
  feeder* drained = nullptr;
};

// Step 2: commits one of the arms that can proceed, or none if there is none.
commitment commit_one(std::span<select_arm> arms) {
  for (;;) {
    std::uint32_t ready_count = 0;
    for (const select_arm& arm : arms) ready_count += arm.on != nullptr && arm.on->can_proceed(arm);
    if (ready_count == 0) return {};
    std::uint32_t skip = ready_count == 1 ? 0 : current_scheduler().choose(ready_count);
    for (std::size_t i = 0; i < arms.size(); ++i) {
      if (arms[i].on == nullptr || !arms[i].on->can_proceed(arms[i]) || skip-- > 0) continue;
      const channel::outcome done = arms[i].on->commit(arms[i]);
      if (done.committed) return {static_cast<int>(i), done.woken, done.drained};
      break;  // the partner went elsewhere: look again
    }
  }
}

op describe_arm(const select_arm& arm, where at) {
  op one{.kind = arm.kind, .object = arm.on, .at = at};
  if (arm.kind == op_kind::send && arm.on != nullptr) one.value = {arm.slot, arm.on->type().show};
  return one;
}

// What a select that nobody watches waits in: enough to tell why, and cheap.
op unannounced_op(std::span<const select_arm> arms, where at) {
  if (arms.size() == 1) return {.kind = arms[0].kind, .object = arms[0].on, .at = at};
  return {.kind = op_kind::select, .argument = std::ssize(arms), .at = at};
}

// The op that a select announces: the plain operation if it has one arm and may block.
class select_op {
 public:
  select_op(std::span<select_arm> arms, bool block, where at) {
    if (arms.size() == 1 && block) {
      next_ = describe_arm(arms[0], at);
      return;
    }
    if (arms.size() > few_max) many_.resize(arms.size());
    const std::span<op> all(arms.size() > few_max ? many_.data() : few_.data(), arms.size());
    std::transform(arms.begin(), arms.end(), all.begin(),
                   [at](const select_arm& arm) { return describe_arm(arm, at); });
    next_ = {.kind = op_kind::select, .argument = block ? 0 : 1, .arms = all, .at = at};
  }
  const op& get() const { return next_; }

 private:
  static constexpr std::size_t few_max = 4;

  // Not on the heap, whose addresses would make a loop look different each time.
  std::array<op, few_max> few_;
  std::vector<op> many_;
  op next_;
};

void report_performed(const op& done, std::span<select_arm> arms, int index) {
  if (index < 0) return report({.done = done, .result = -1});
  const select_arm& arm = arms[static_cast<std::size_t>(index)];
  event performed{.done = done, .result = index};
  if (arm.kind == op_kind::recv) {
    performed.more = arm.filled;
    if (arm.filled) performed.value = {arm.slot, arm.on->type().show};
  }
  report(performed);
}

// Step 3 for a select that names a channel more than once. Chooses in the order of the arms, never
// of addresses. Not inline: what the heap gives it must not stay on the stack of one who waits.
[[gnu::noinline]] void link_one_of_each_kind(std::span<select_arm> arms) {
  std::map<std::pair<channel*, op_kind>, std::vector<select_arm*>> alike;
  for (select_arm& arm : arms) alike[{arm.on, arm.kind}].push_back(&arm);
  for (select_arm& arm : arms) {
    const std::vector<select_arm*>& same = alike[{arm.on, arm.kind}];
    if (arm.on == nullptr || same.front() != &arm) continue;
    const auto count = static_cast<std::uint32_t>(same.size());
    arm.on->wait(*same[count == 1 ? 0 : current_scheduler().choose(count)]);
  }
}

// Step 3, before the goroutine parks. REQUIRES: all channels are locked.
void enter_queues(std::span<select_arm> arms, const locked_channels& channels,
                  waiting_select& waiting) {
  std::size_t linked = 0;
  for (select_arm& arm : arms) {
    arm.owner = &waiting;
    linked += arm.on != nullptr;
  }
  if (linked != channels.count()) return link_one_of_each_kind(arms);
  for (select_arm& arm : arms) {
    if (arm.on != nullptr) arm.on->wait(arm);
  }
}

// Step 3, after the wake: leaves all queues and tells which arm was completed.
int leave_queues(std::span<select_arm> arms, locked_channels& channels,
                 const waiting_select& waiting) {
  if (arms.size() > 1) {
    channels.lock();
    for (select_arm& arm : arms) {
      if (arm.on != nullptr) arm.on->forget(arm);
    }
    channels.unlock();
  }
  return static_cast<int>(waiting.performed - arms.data());
}

bool sends_on_closed(const select_arm& arm) {
  return arm.kind == op_kind::send && arm.on->is_closed();
}

int select_unannounced(std::span<select_arm> arms, bool block, const op& next) {
  locked_channels channels(arms);
  channels.lock();
  const commitment done = commit_one(arms);
  int performed = done.arm;
  if (performed >= 0 || !block) {
    const bool panics =
        performed >= 0 && sends_on_closed(arms[static_cast<std::size_t>(performed)]);
    channels.unlock();
    if (done.woken != nullptr) current_scheduler().ready(*done.woken);
    if (done.drained != nullptr) done.drained->drained();
    if (watched()) report_performed(next, arms, performed);
    if (panics) throw closed_channel("send on closed channel", next.at);
    return performed;
  }
  waiting_select waiting(arms.size());
  enter_queues(arms, channels, waiting);
  current_scheduler().park(next, channels.unlocking());
  performed = leave_queues(arms, channels, waiting);
  if (watched()) report_performed(next, arms, performed);
  const select_arm& arm = arms[static_cast<std::size_t>(performed)];
  if (arm.kind == op_kind::send && waiting.closed) {
    throw closed_channel("send on closed channel", next.at);
  }
  return performed;
}

// The same for one arm that nobody watches, which is most of what programs do. Step 3; the channel
// is locked.
[[gnu::noinline]] int wait_alone(select_arm& arm, bool block, const where& at) {
  channel& on = *arm.on;
  if (!block) {
    on.lock().unlock();
    return -1;
  }
  waiting_select waiting(1);
  arm.owner = &waiting;
  on.wait(arm);
  current_scheduler().park({.kind = arm.kind, .object = &on, .at = at}, unlocking(on.lock()));
  if (arm.kind == op_kind::send && waiting.closed) {
    throw closed_channel("send on closed channel", at);
  }
  return 0;
}

int select_alone(select_arm& arm, bool block, const where& at) {
  arm.on->lock().lock();
  const channel::outcome done = arm.on->commit(arm);
  if (!done.committed) return wait_alone(arm, block, at);
  const bool panics = sends_on_closed(arm);
  arm.on->lock().unlock();
  if (done.woken != nullptr) current_scheduler().ready(*done.woken);
  if (done.drained != nullptr) done.drained->drained();
  if (panics) throw closed_channel("send on closed channel", at);
  return 0;
}

}  // namespace

int select(std::span<select_arm> arms, bool block, where at) {
  if (!watched()) {
    return select_unannounced(arms, block, unannounced_op(arms, at));
  }
  const select_op announced(arms, block, at);
  if (!announce(announced.get())) return -1;
  return select_unannounced(arms, block, announced.get());
}

int select_one(select_arm& arm, bool block, const where& at) {
  if (!watched() && arm.on != nullptr) return select_alone(arm, block, at);
  return select({&arm, 1}, block, at);
}

channel* make_channel(const element_type& type, std::ptrdiff_t capacity, where at) {
  constexpr std::size_t bytes_max = std::size_t{1} << 47;
  if (capacity < 0 || static_cast<std::size_t>(capacity) > bytes_max / type.size) {
    throw runtime_panic("makechan: size out of range", at);
  }
  auto* made = new channel(type, static_cast<std::size_t>(capacity));
  if (watched()) report_made(made, "chan", at, capacity);
  return made;
}

void acquire(channel* c) {
  if (c != nullptr) c->acquire();
}

void release(channel* c) {
  if (c == nullptr || !c->release()) return;
  if (c->fed_by() != nullptr) c->fed_by()->orphaned();
  if (watched()) report_destroyed(c);
  delete c;
}

void close(channel* c, where at) {
  if (c == nullptr) throw runtime_panic("close of nil channel", at);
  const op next{.kind = op_kind::close, .object = c, .at = at};
  if (watched() && !announce(next)) return;
  c->lock().lock();
  if (c->is_closed()) {
    c->lock().unlock();
    throw closed_channel("close of closed channel", at);
  }
  const std::vector<goroutine*> woken = c->close();
  c->lock().unlock();
  if (watched()) report({.done = next});
  for (goroutine* g : woken) current_scheduler().ready(*g);
}

std::size_t size(channel* c, where at) {
  if (c == nullptr || c->fed_by() != nullptr) return 0;
  const op next{.kind = op_kind::length, .object = c, .at = at};
  if (watched() && !announce(next)) return 0;
  const spin_guard held(c->lock());
  if (watched()) report({.done = next, .result = static_cast<std::int64_t>(c->size())});
  return c->size();
}

std::size_t capacity(const channel* c) {
  return c == nullptr || c->fed_by() != nullptr ? 0 : c->capacity();
}

void set_feeder(channel* c, feeder& by) { c->feed_by(by); }
feeder* feeder_of(const channel* c) { return c == nullptr ? nullptr : c->fed_by(); }

goroutine* deliver(channel* c, void* value) {
  select_arm arm{.kind = op_kind::send, .on = c, .slot = value};
  const spin_guard held(c->lock());
  channel::outcome done;
  while (!done.committed && c->can_proceed(arm)) done = c->commit(arm);
  return done.woken;
}

bool take_back(channel* c) {
  const spin_guard held(c->lock());
  if (c->size() == 0) return false;
  c->drop();
  return true;
}

}  // namespace braid::detail
