// The search for a linearization; see linear_search.hpp.
#include "detect/linear_search.hpp"

#include <algorithm>
#include <tuple>

#include "mix.hpp"

namespace braid {
namespace {

constexpr std::size_t small = 10;  // calls

struct timed_event {
  std::uint64_t time;
  bool is_return;
  std::uint32_t goroutine;
  std::uint32_t call;
};

}  // namespace

// Events in time, a call before a return of the same time. Events of one kind between two of the
// other are put in the order of their goroutines, so that equivalent histories are one.
linear_search::linear_search(std::span<const detail::timed_call> calls,
                             detail::numbered_model& model)
    : calls_(calls), model_(model), places_(calls.size()), entries_(calls.size()) {
  std::vector<timed_event> events;
  for (std::uint32_t c = 0; c < calls.size(); ++c) {
    events.push_back({calls[c].called, false, calls[c].goroutine, c});
    if (!calls[c].is_pending) events.push_back({calls[c].returned, true, calls[c].goroutine, c});
  }
  const auto in_time = [](const timed_event& a, const timed_event& b) {
    return std::tie(a.time, a.is_return, a.goroutine, a.call) <
           std::tie(b.time, b.is_return, b.goroutine, b.call);
  };
  const auto in_lanes = [](const timed_event& a, const timed_event& b) {
    return std::tie(a.goroutine, a.call) < std::tie(b.goroutine, b.call);
  };
  std::sort(events.begin(), events.end(), in_time);
  for (auto begin = events.begin(); begin != events.end();) {
    const auto end = std::find_if(
        begin, events.end(), [&](const timed_event& e) { return e.is_return != begin->is_return; });
    std::sort(begin, end, in_lanes);
    begin = end;
  }
  for (std::uint32_t place = 0; place < events.size(); ++place) {
    call_places& p = places_[events[place].call];
    (events[place].is_return ? p.returned : p.called) = place;
  }
  awaits_.assign(calls.size(), 0);
  followers_.resize(calls.size());
}

void linear_search::choose(std::span<const std::uint32_t> members) {
  for (const precedence& p : precedences_) {
    awaits_[p.then] = 0;
    followers_[p.first].clear();
  }
  precedences_.clear();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> events;  // place, call
  completed_ = 0;
  for (const std::uint32_t c : members) {
    events.emplace_back(called(c), c);
    if (calls_[c].is_pending) continue;
    events.emplace_back(returned(c), c);
    ++completed_;
  }
  std::sort(events.begin(), events.end());
  list_.assign(1, {});
  for (const auto& [place, call] : events) {
    const auto here = static_cast<std::uint32_t>(list_.size());
    const bool is_return = place != called(call);
    (is_return ? entries_[call].returned : entries_[call].called) = here;
    list_.push_back({.call = call, .is_return = is_return, .next = 0, .previous = here - 1});
    list_[here - 1].next = here;
  }
  list_[0].previous = static_cast<std::uint32_t>(list_.size()) - 1;
  is_small_ = members.size() <= small;
}

void linear_search::must_precede(std::uint32_t first, std::uint32_t then) {
  precedences_.push_back({first, then});
  followers_[first].push_back(then);
  ++awaits_[then];
}

linear_search::outcome linear_search::run(std::uint64_t states_max) {
  frames_.clear();
  seen_.assign(is_small_ ? 0 : 1024, {});
  seen_count_ = 0;
  set_ = {};
  left_ = completed_;
  state_ = model_.initial();
  dead_end_ = 0;
  stuck_ = none;
  std::uint32_t last = none;  // the candidate that was tried last here
  while (left_ != 0) {
    if (last == none && take_what_observes()) continue;
    last = candidate_after(last);
    if (last == none) {
      note_dead_end();
      last = go_back();
      if (last == none) return outcome::impossible;
    } else if (go_on_with(last)) {
      if (seen_count_ > states_max) {
        note_dead_end();
        while (!frames_.empty()) put_back();
        return outcome::given_up;
      }
      last = none;
    }
  }
  order_.clear();
  for (const frame& f : frames_) order_.push_back(f.call);
  while (!frames_.empty()) put_back();
  return outcome::found;
}

bool linear_search::take_what_observes() {
  for (std::uint32_t e = list_[0].next; !list_[e].is_return; e = list_[e].next) {
    const std::uint32_t call = list_[e].call;
    if (!calls_[call].observes || awaits_[call] != 0) continue;
    if (model_.apply(state_, call) == detail::numbered_model::mismatch) continue;
    take(call, state_, true);
    return true;
  }
  return false;
}

// The call that returns first. REQUIRES: one of those that are left returns.
std::uint32_t linear_search::urgent() const {
  std::uint32_t e = list_[0].next;
  while (!list_[e].is_return) e = list_[e].next;
  return list_[e].call;
}

// First the urgent one, then the others that were made before it returned.
std::uint32_t linear_search::candidate_after(std::uint32_t last) const {
  const std::uint32_t first = urgent();
  if (last == none) return first;
  std::uint32_t e = list_[last == first ? 0 : entries_[last].called].next;
  if (list_[e].call == first && !list_[e].is_return) e = list_[e].next;
  return list_[e].is_return ? none : list_[e].call;
}

bool linear_search::go_on_with(std::uint32_t call) {
  if (awaits_[call] != 0) return false;
  const std::uint32_t to = model_.apply(state_, call);
  if (to == detail::numbered_model::mismatch) return false;
  if (calls_[call].is_pending && to == state_) return false;
  take(call, to, false);
  if (is_new()) return true;
  put_back();
  return false;
}

// To the last choice; returns what was tried there, or none.
std::uint32_t linear_search::go_back() {
  while (!frames_.empty()) {
    const frame undone = put_back();
    if (!undone.is_forced) return undone.call;
  }
  return none;
}

void linear_search::take(std::uint32_t call, std::uint32_t state, bool is_forced) {
  frames_.push_back({call, state_, is_forced});
  state_ = state;
  turn(call, -1);
  unlink(entries_[call].called);
  if (!calls_[call].is_pending) {
    unlink(entries_[call].returned);
    --left_;
  }
}

linear_search::frame linear_search::put_back() {
  const frame undone = frames_.back();
  frames_.pop_back();
  if (!calls_[undone.call].is_pending) {
    relink(entries_[undone.call].returned);
    ++left_;
  }
  relink(entries_[undone.call].called);
  turn(undone.call, 1);
  state_ = undone.state_before;
  return undone;
}

// Of the set of calls that were taken and of what waits for them.
void linear_search::turn(std::uint32_t call, int by) {
  set_.low ^= mix(2 * std::uint64_t{call} + 1);
  set_.high ^= mix(mix(2 * std::uint64_t{call} + 1) + golden_ratio);
  for (const std::uint32_t f : followers_[call]) awaits_[f] += static_cast<std::uint32_t>(by);
}

void linear_search::unlink(std::uint32_t e) {
  list_[list_[e].previous].next = list_[e].next;
  list_[list_[e].next].previous = list_[e].previous;
}

void linear_search::relink(std::uint32_t e) {
  list_[list_[e].previous].next = e;
  list_[list_[e].next].previous = e;
}

// No way leads past the return of the urgent call from here. Where that is the latest return at
// which the search ever stood, no way leads past it at all.
void linear_search::note_dead_end() {
  const std::uint32_t call = urgent();
  if (stuck_ != none && returned(call) <= dead_end_) return;
  dead_end_ = returned(call);
  stuck_ = call;
  order_.clear();
  for (const frame& f : frames_) order_.push_back(f.call);
}

// The set of calls that were taken, with the state that they lead to.
bool linear_search::is_new() {
  ++states_;
  if (is_small_) return true;
  const std::uint64_t state = mix(state_ + golden_ratio);
  const seen_key key{set_.low ^ state, set_.high ^ mix(state)};
  if (seen_count_ * 2 >= seen_.size()) grow();
  std::size_t i = key.low & (seen_.size() - 1);
  for (; seen_[i] != seen_key{}; i = (i + 1) & (seen_.size() - 1)) {
    if (seen_[i] == key) return false;
  }
  seen_[i] = key;
  ++seen_count_;
  return true;
}

void linear_search::grow() {
  std::vector<seen_key> old(seen_.size() * 2);
  old.swap(seen_);
  for (const seen_key& key : old) {
    if (key == seen_key{}) continue;
    std::size_t i = key.low & (seen_.size() - 1);
    while (seen_[i] != seen_key{}) i = (i + 1) & (seen_.size() - 1);
    seen_[i] = key;
  }
}

}  // namespace braid
