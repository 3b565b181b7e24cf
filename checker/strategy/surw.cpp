// Selectively uniform random walk: in each execution the orders of the events on one object, drawn
// among those over which goroutines race, are about equally likely.
//
// Zhao, Wolff, Mathur, Roychoudhury: Selectively Uniform Concurrency Testing (ASPLOS'25): whoever
// does the next event on the object is drawn in proportion to its events on it that remain. Until
// it has done that, the others run up to theirs, at random, and wait.
//
// Deviations: as of urw, and
//  * roles: in half of the executions a role is drawn first, the goroutines that one statement
//    creates, each role alike. The one reader among a hundred writers then comes first as often as
//    some writer;
//  * patience: if nobody else can go on without touching the object, or after as many events as an
//    execution has on average, one who can touch it now takes the place of whoever was drawn. A
//    goroutine that polls would keep the others waiting.
#include <algorithm>
#include <cstring>
#include <numeric>

#include "strategy/catalogue.hpp"
#include "strategy/learner.hpp"
#include "trace/access.hpp"
#include "trace/tracer.hpp"

namespace braid {
namespace {

class selective_walk final : public learner {
 public:
  explicit selective_walk(const strategy_options& options) : learner(options, mix(2)) {}

  std::uint32_t pick(const situation& now) override;

 private:
  static constexpr std::uint32_t nobody = situation::none;

  void prepare() override;
  void learned() override;
  void welcome(const situation& now);
  std::uint32_t role_of(where created_at);
  bool touches_object(const situation& now, const op& pending) const;
  std::uint32_t draw_intended(const std::vector<std::uint32_t>& among);
  std::uint32_t draw_held(const situation& now);
  alternative draw_next(const situation& now);

  std::vector<expectation> expected_ = {{}};  // events on each contended object
  std::uint64_t patience_ = 0;                // the events of an execution, on average

  // Of the execution that runs:
  bool has_object_ = false;  // else all events are alike
  std::uint64_t object_ = 0;
  bool by_role_ = false;  // else all have the same
  remaining_events remaining_;
  std::uint64_t waited_ = 0;                // events since the last one on the object
  std::uint32_t intended_ = nobody;         // who does the next event on the object
  std::vector<std::uint32_t> all_;          // goroutines
  std::vector<std::uint32_t> role_;         // by number: an index into the next two
  std::vector<where> created_at_;           // where the goroutines of a role are created
  std::vector<std::uint64_t> role_weight_;  // when it was drawn last
  goroutine_set unseen_;                    // what they do next is still to be looked at
  goroutine_set held_;                      // they touch the object next
  goroutine_set candidates_;                // enabled, and not held
};

void selective_walk::learned() {
  const expectation all = profile().events();
  patience_ = std::accumulate(all.own.begin(), all.own.end(), profile().unit()) / profile().unit();
  expected_.clear();
  for (const std::uint64_t object : profile().contended()) {
    expected_.push_back(profile().events_on(object));
  }
  if (expected_.empty()) expected_.push_back(all);
}

void selective_walk::prepare() {
  learner::prepare();
  const std::uint32_t drawn = bits().below(static_cast<std::uint32_t>(expected_.size()));
  has_object_ = !profile().contended().empty();
  if (has_object_) object_ = profile().contended()[drawn];
  by_role_ = bits().below(2U) == 0;
  remaining_.begin(profile(), expected_[drawn]);
  intended_ = nobody;
  waited_ = 0;
  all_.clear();
  role_.clear();
  created_at_.clear();
  unseen_.clear();
  held_.clear();
}

std::uint32_t selective_walk::pick(const situation& now) {
  welcome(now);
  if (has_object_) {
    now.enabled().for_each_also_in(unseen_, [&](std::uint32_t n) {
      if (touches_object(now, now.pending_of(n))) held_.insert(n);
    });
    unseen_.assign_difference(unseen_, now.enabled());
    if (intended_ == nobody) intended_ = draw_intended(all_);
  }
  const alternative chosen = draw_next(now);
  if (chosen.kind == decision_kind::goroutine) {
    if (held_.has(chosen.index)) {
      remaining_.did_one(chosen.index);
      held_.erase(chosen.index);
      intended_ = nobody;
      waited_ = 0;
    }
    unseen_.insert(chosen.index);
  }
  return now.rank_of(chosen);
}

// New goroutines. What their parent was to do with the object may be theirs to do.
void selective_walk::welcome(const situation& now) {
  if (remaining_.known() == now.spawned()) return;
  std::vector<std::uint32_t> heirs = {intended_};
  while (remaining_.known() < now.spawned()) {
    const std::uint32_t child = remaining_.known();
    const std::uint32_t parent = remaining_.add(now.path_of(child));
    all_.push_back(child);
    role_.push_back(role_of(now.created_at(child)));
    unseen_.insert(child);
    const bool inherits = std::find(heirs.begin(), heirs.end(), parent) != heirs.end();
    if (intended_ != nobody && inherits) heirs.push_back(child);
  }
  if (heirs.size() > 1) intended_ = draw_intended(heirs);
}

std::uint32_t selective_walk::role_of(where created_at) {
  const auto is_it = [&](where other) {
    if (!other || !created_at) return !other && !created_at;
    return other.line() == created_at.line() && !std::strcmp(other.file(), created_at.file());
  };
  const auto known = std::find_if(created_at_.begin(), created_at_.end(),
                                  [&](where other) { return !by_role_ || is_it(other); });
  const auto role = static_cast<std::uint32_t>(known - created_at_.begin());
  if (known == created_at_.end()) created_at_.push_back(created_at);
  return role;
}

// As the tracer will say when it happens (trace/touches.cpp), for the profile counts that.
bool selective_walk::touches_object(const situation& now, const op& pending) const {
  const std::uint64_t id = pending.object == nullptr ? 0 : now.object_id(pending.object);
  switch (pending.kind) {
    case op_kind::print:
      return object_ == stream_object(pending.argument);
    case op_kind::end:
      return object_ == program_object || object_ == stream_object(1) ||
             object_ == stream_object(2);
    case op_kind::read_lock:
    case op_kind::try_read_lock:
    case op_kind::try_write_lock:
      return object_ == id || object_ == readers_of(id);
    case op_kind::read_unlock:
    case op_kind::await_readers:
      return object_ == readers_of(id);
    default:
      break;
  }
  if (pending.object != nullptr) return id == object_;
  return std::any_of(pending.arms.begin(), pending.arms.end(), [&](const op& arm) {
    return arm.object != nullptr && now.object_id(arm.object) == object_;
  });
}

// First a role that has something left to do with the object, then one of its members; nobody if
// there is none.
std::uint32_t selective_walk::draw_intended(const std::vector<std::uint32_t>& among) {
  role_weight_.assign(created_at_.size(), 0);
  for (const std::uint32_t n : among) role_weight_[role_[n]] += remaining_.of(n);
  const auto able = static_cast<std::uint32_t>(
      std::count_if(role_weight_.begin(), role_weight_.end(), [](auto w) { return w > 0; }));
  if (able == 0) return nobody;
  std::uint32_t drawn = bits().below(able);
  std::uint32_t role = 0;
  while (role_weight_[role] == 0 || drawn-- > 0) ++role;
  std::uint64_t event = bits().below(role_weight_[role]);
  return *std::find_if(among.begin(), among.end(), [&](std::uint32_t n) {
    if (role_[n] != role) return false;
    const std::uint64_t weight = remaining_.of(n);
    if (event < weight) return true;
    event -= weight;
    return false;
  });
}

// Who can touch the object now instead of whoever is intended; nobody if there is none.
std::uint32_t selective_walk::draw_held(const situation& now) {
  std::uint64_t weights = 0;
  now.enabled().for_each_also_in(held_,
                                 [&](std::uint32_t n) { weights += remaining_.of_pending(n); });
  if (weights == 0) return nobody;
  std::uint64_t event = bits().below(weights);
  std::uint32_t chosen = nobody;
  now.enabled().for_each_also_in(held_, [&](std::uint32_t n) {
    const std::uint64_t weight = remaining_.of_pending(n);
    if (chosen == nobody && event < weight) chosen = n;
    event -= weight;
  });
  return chosen;
}

alternative selective_walk::draw_next(const situation& now) {
  candidates_.assign_difference(now.enabled(), held_);
  if (intended_ != nobody && now.enabled().has(intended_)) candidates_.insert(intended_);
  if (++waited_ > patience_ || candidates_.size() + now.timers() == 0) {
    waited_ = 0;
    const std::uint32_t instead = draw_held(now);
    if (instead != nobody) return {decision_kind::goroutine, intended_ = instead};
  }
  const std::uint32_t drawn = bits().below(candidates_.size() + now.timers());
  if (drawn < candidates_.size()) return {decision_kind::goroutine, candidates_.at(drawn)};
  return {decision_kind::timer, drawn - candidates_.size()};
}

}  // namespace

std::unique_ptr<strategy> make_surw(const strategy_options& options) {
  return std::make_unique<selective_walk>(options);
}

}  // namespace braid
