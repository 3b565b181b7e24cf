// What samplers learn from the first executions; see profile.hpp.
#include "strategy/profile.hpp"

#include <algorithm>
#include <array>
#include <braid/panic.hpp>

namespace braid {
namespace {

constexpr std::size_t modes = static_cast<std::size_t>(access_mode::end) + 1;

// Who touches one object in which ways.
class users {
 public:
  void add(process_id who, access_mode how) {
    user& u = by_mode_[static_cast<std::size_t>(how)];
    u.are_several = u.are_several || (u.is_some && u.first != who);
    if (!u.is_some) u = {.first = who, .is_some = true};
  }
  // Whether two of them do not commute. A guarded wait that ends is only ordered.
  bool race() const {
    for (std::size_t a = 0; a < modes; ++a) {
      for (std::size_t b = a; b < modes; ++b) {
        const auto one = static_cast<access_mode>(a);
        const auto two = static_cast<access_mode>(b);
        if (one == access_mode::await || two == access_mode::await) continue;
        if (are_two(by_mode_[a], by_mode_[b]) && conflict({0, one}, {0, two})) return true;
      }
    }
    return false;
  }

 private:
  struct user {
    process_id first = 0;
    bool is_some = false;
    bool are_several = false;
  };
  static bool are_two(const user& a, const user& b) {
    if (!a.is_some || !b.is_some) return false;
    return a.are_several || b.are_several || a.first != b.first;
  }
  std::array<user, modes> by_mode_;
};

}  // namespace

void event_profile::learn(const trace_log& log) {
  ++executions_;
  learn_goroutines(log);
  learn_objects(log);
  note_contended();
}

std::uint32_t event_profile::insert(process_id path, std::uint32_t parent) {
  const auto [at, is_new] = index_.emplace(path, static_cast<std::uint32_t>(rows_.size()));
  if (is_new) rows_.push_back({.path = path, .parent = parent});
  return at->second;
}

std::uint32_t event_profile::index_of(process_id path) const {
  const auto found = index_.find(path);
  return found == index_.end() ? none : found->second;
}

// The first process of a log is main, whose parent is no goroutine.
void event_profile::learn_goroutines(const trace_log& log) {
  const auto ids = log.processes.all();
  insert(ids[0], none);
  for (const trace_link& l : log.links.all()) {
    if (l.what == trace_link::kind::spawned) insert(ids[l.other], index_of(ids[l.by]));
  }
  for (const traced_event& e : log.events.all().subspan(1)) {
    const std::uint32_t who = index_of(log.process_of(e));
    if (who != none) ++rows_[who].events;
  }
}

void event_profile::learn_objects(const trace_log& log) {
  std::map<std::uint64_t, users> used;
  for (const traced_event& e : log.events.all().subspan(1)) {
    const std::uint32_t who = index_of(log.process_of(e));
    if (who == none) continue;
    const std::span<const access> touched = log.accesses_of(e);
    for (const access& a : touched) {
      used[a.object].add(e.process, a.mode);
      // Some name an object twice: a select that is completed.
      const bool is_first = std::none_of(
          touched.data(), &a, [&](const access& earlier) { return earlier.object == a.object; });
      if (is_first) ++objects_[a.object].events[who];
    }
  }
  for (const auto& [object, by] : used) {
    if (by.race()) objects_[object].is_contended = true;
  }
}

void event_profile::note_contended() {
  contended_.clear();
  for (const auto& [id, o] : objects_) {
    if (o.is_contended) contended_.push_back(id);
  }
}

expectation event_profile::events() const {
  expectation e;
  for (const row& r : rows_) e.own.push_back(r.events);
  add_up(e);
  return e;
}

expectation event_profile::events_on(std::uint64_t object) const {
  expectation e;
  e.own.resize(rows_.size());
  for (const auto& [index, events] : objects_.at(object).events) e.own[index] = events;
  add_up(e);
  return e;
}

void event_profile::add_up(expectation& e) const {
  e.with_descendants = e.own;
  for (std::size_t i = rows_.size(); i-- > 0;) {
    if (rows_[i].parent != none) e.with_descendants[rows_[i].parent] += e.with_descendants[i];
  }
}

void remaining_events::begin(const event_profile& profile, const expectation& expected) {
  profile_ = &profile;
  expected_ = &expected;
  unit_ = profile.unit();
  own_.clear();
  later_.clear();
  weight_.clear();
  number_.assign(profile.size(), none);
}

std::uint32_t remaining_events::add(process_id path) {
  const std::uint32_t index = profile_->index_of(path);
  const std::uint32_t number = known();
  const std::uint64_t own = index == none ? 0 : expected_->own[index];
  const std::uint64_t all = index == none ? 0 : expected_->with_descendants[index];
  own_.push_back(own);
  later_.push_back(all - own);
  weight_.push_back(0);
  weigh(number);
  if (index == none) return none;
  BRAID_ASSERT(number_[index] == none);
  number_[index] = number;
  const std::uint32_t parent_index = profile_->parent_of(index);
  const std::uint32_t parent = parent_index == none ? none : number_[parent_index];
  if (parent == none) return none;
  later_[parent] -= std::min(later_[parent], all);
  weigh(parent);
  return parent;
}

}  // namespace braid
