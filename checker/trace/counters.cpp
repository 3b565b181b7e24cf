// What was done to channels and counters, in sum, and counters that others wait for or must not
// bring below zero; see happens_before.hpp.
//
// What an event does to a counter depends on several others together. A race is a pair: where it
// takes more than one that has not happened yet, no pair tells, and the search has to be told that
// it may miss something.
#include <algorithm>

#include "trace/happens_before.hpp"

namespace braid {
namespace {

// Of the places from `begin` to `end` the first at which f does not hold, or `end`: it holds at
// none that follows such a place.
template <class F>
std::size_t first_without(std::size_t begin, std::size_t end, F&& f) {
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    f(middle) ? begin = middle + 1 : end = middle;
  }
  return begin;
}

}  // namespace

void happens_before::counts::add_difference(const counts& from, const counts& to) {
  holders += to.holders - from.holders;
  sends += to.sends - from.sends;
  recvs += to.recvs - from.recvs;
  closes += to.closes - from.closes;
  sending_selects += to.sending_selects - from.sending_selects;
  receiving_selects += to.receiving_selects - from.receiving_selects;
  parkings += to.parkings - from.parkings;
}

void happens_before::count_on_channel(counts& c, std::uint32_t event, const access& a) const {
  using enum access_mode;
  const bool is_select = a.mode == select || a.mode == attempt;
  c.sends += a.mode == send || (is_select && a.amount > 0);
  c.recvs += a.mode == recv || (is_select && a.amount < 0);
  c.recvs += a.mode == control && a.amount < 0;  // a timer's value was taken back
  c.closes += a.mode == close;
  if (!is_select) return;
  const std::int32_t parked = a.partner != 0 ? -1 : has_parked(event);  // or somebody completes it
  if (a.count >= 0) c.sending_selects += parked;
  if (a.count <= 0) c.receiving_selects += parked;
  c.parkings += parked > 0;
}

bool happens_before::has_parked(std::uint32_t event) const {
  if (event >= first_pending_) return false;
  const auto all = log_->accesses_of(log_->events.all()[event]);
  return std::all_of(all.begin(), all.end(), [](const access& a) {
    return is_of_clock(a) || (a.mode == access_mode::select && a.amount == 0);
  });
}

// The count that guards an object, had `earlier` and all that happens after it not happened yet. Of
// accesses of one process that follow each other, those that happen after it are the last ones.
std::int32_t happens_before::count_without(std::uint32_t earlier, std::uint64_t object) const {
  const std::span<const touched> all = accesses_to(object);
  const auto count_before = [&](std::size_t i) { return i == 0 ? 0 : all[i - 1].until.holders; };
  std::int32_t count = count_before(all.size());
  for (std::size_t end = all.size(); end > 0 && all[end - 1].event >= earlier;) {
    const std::size_t begin = all[end - 1].run;
    if (before(earlier, all[end - 1].event)) {
      const std::size_t first =
          first_without(begin, end, [&](std::size_t i) { return !before(earlier, all[i].event); });
      count -= count_before(end) - count_before(first);
    }
    end = begin;
  }
  return count;
}

// The latest addition to a counter in the past of an event that takes one from it, of those that
// have some left, or none. If each such event has an addition of its own in its past, the counter
// cannot go below zero.
std::uint32_t happens_before::addition_for(std::uint32_t event,
                                           std::span<const touched> all) const {
  const auto is_past = [&](std::size_t i) { return before(all[i].event, event); };
  for (std::size_t i = all.size(); i-- > 0;) {
    if (all[i].what.amount <= all[i].relied_on) continue;
    if (is_past(i)) return static_cast<std::uint32_t>(i);
    i = first_without(all[i].run, i, is_past);
  }
  return none;
}

std::uint32_t happens_before::rely_on_addition(std::vector<touched>& there, std::uint32_t event) {
  const std::uint32_t addition = addition_for(event, there);
  if (addition != none) ++there[addition].relied_on;
  return addition;
}

// Of an event that is to take from a counter: false if that would not go below zero without any of
// those that need not come before the event. For if one of them had not come, whoever then had
// taken one would still have an addition of its own, and so would the event.
bool happens_before::may_go_below_zero(std::uint32_t event, const access& later,
                                       std::span<const touched> all) const {
  if (later.mode != access_mode::minus) return false;
  const bool all_rely = all.empty() || all.back().all_rely;
  return later.amount != -1 || !all_rely || addition_for(event, all) == none;
}

// The least that a counter can be where `event` happens after its past, which `is_past` tells: what
// that comes to, and of the rest whoever takes from it, with what they need.
template <class F>
std::int32_t happens_before::least_after(std::uint32_t event, std::uint64_t object,
                                         F&& is_past) const {
  const std::span<const touched> all = accesses_to(object);
  std::int32_t least = 0;
  for (const touched& t : all) {
    if (is_past(t.event)) least += t.what.amount;
  }
  for (const touched& minus : all) {
    const bool is_free = !is_past(minus.event) && !before(event, minus.event);
    if (minus.what.amount >= 0 || !is_free) continue;
    std::int32_t with_needed = 0;
    for (const touched& t : all) {
      if (t.event > minus.event) break;
      if (before(t.event, minus.event) && !is_past(t.event)) with_needed += t.what.amount;
    }
    least += std::min(0, with_needed);
  }
  return least;
}

// The same as the process of the event finds it, before that waits for those with which it races.
std::int32_t happens_before::least_at_arrival(std::uint32_t event, std::uint64_t object) const {
  return least_after(event, object,
                     [=, this](std::uint32_t e) { return before_arrival(e, event); });
}

// Of an event that takes from a counter, the last one so far: whether it would go below zero
// without the additions that need not come before it. (Those with which it races have come before
// it.) If a reader leaves who never came, all others are concerned.
bool happens_before::may_be_too_early(std::uint32_t event, const access& minus) const {
  if (minus.mode == access_mode::failed_minus) {
    return !accesses_to(readers_of(minus.object)).empty();
  }
  const auto is_past = [=, this](std::uint32_t e) { return before(e, event); };
  const std::span<const touched> all = accesses_to(minus.object);
  const bool has_more = std::any_of(all.begin(), all.end(), [&](const touched& t) {
    return t.what.amount > 0 && !is_past(t.event);
  });
  return has_more && least_after(event, minus.object, is_past) < 0;
}

// Of an addition: whether an event before it, which it need not precede, may go below zero without
// the additions with which that races. To reverse such a race takes this one along, so that the
// counter does not go below zero there.
bool happens_before::relies_on_others(std::uint32_t addition,
                                      const std::vector<touched>& there) const {
  return std::any_of(there.begin(), there.end(), [&](const touched& t) {
    if (t.what.mode != access_mode::minus || before(t.event, addition)) return false;
    const bool has_own = t.what.amount == -1 && t.relies_on != none &&
                         before_arrival(there[t.relies_on].event, t.event);
    return !has_own && least_at_arrival(t.event, t.what.object) + t.what.amount < 0;
  });
}

// Of a wait for zero that comes after additions, with none of which it races: whether it could have
// come before all of them. (If it races with one, the same is asked where that is reversed.)
bool happens_before::may_hold_earlier(std::uint32_t event, const access& await) const {
  if (!races_.empty() && races_.back().later == event) return false;
  const std::span<const touched> all = accesses_to(await.object);
  const bool has_more = std::any_of(all.begin(), all.end(), [&](const touched& t) {
    return t.what.amount > 0 && !before_arrival(t.event, event);
  });
  return has_more && least_at_arrival(event, await.object) <= 0;
}

}  // namespace braid
