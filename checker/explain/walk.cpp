// A schedule that somebody chooses; see walk.hpp.
#include "explain/walk.hpp"

#include <algorithm>
#include <braid/panic.hpp>
#include <utility>

#include "explain/replay.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

// A case or a value, chosen by an event that has begun.
bool is_within_event(const choice& made) {
  const char kind = made.all.at(0).deviation.at(made.all[0].deviation.find_first_of("gtcv"));
  return kind == 'c' || kind == 'v';
}

bool wakes(const happening& row, int goroutine) {
  return std::find(row.wakes.begin(), row.wakes.end(), goroutine) != row.wakes.end();
}

// What was received later is not known yet.
void forget_later_values(std::vector<happening>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].waits) continue;
    const int self = rows[i].goroutine;
    const bool goes_on = std::any_of(rows.begin() + static_cast<std::ptrdiff_t>(i) + 1, rows.end(),
                                     [self](const happening& h) { return wakes(h, self); });
    if (!goes_on) rows[i].value.clear();
  }
}

}  // namespace

walk::walk(const program& walked, const explore_options& options, std::string_view token)
    : program_(walked) {
  followed_token given = follow_token(walked, token, options);
  options_ = std::move(given.options);
  now_ = state_of(std::move(given.result), text_of(given.follow));
  if (!now_.ran->unfit.empty()) return;
  for (std::size_t i = 0; i < now_.decisions.size(); ++i) {
    if (made(now_, i).taken != 0) now_.at = i + 1;
  }
}

walk::state walk::state_of(replay_result ran, std::string followed) {
  state s{.ran = std::make_shared<const replay_result>(std::move(ran)),
          .decisions = {},
          .followed = std::move(followed)};
  const std::vector<happening>& rows = s.ran->told.rows;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t c = 0; c < rows[row].choices.size(); ++c) s.decisions.push_back({row, c});
  }
  return s;
}

const choice& walk::made(const state& s, std::size_t decision) const {
  const place& p = s.decisions.at(decision);
  return s.ran->told.rows.at(p.row).choices.at(p.choice);
}

const choice* walk::next() const {
  return now_.at < now_.decisions.size() ? &made(now_, now_.at) : nullptr;
}

const happening* walk::next_event() const {
  if (now_.at >= now_.decisions.size()) return nullptr;
  return &now_.ran->told.rows.at(now_.decisions[now_.at].row);
}

bool walk::take(std::size_t index) {
  BRAID_ASSERT(next() != nullptr && index < next()->all.size());
  state after = now_;
  if (index != next()->taken) {
    const std::string& chosen = next()->all[index].deviation;
    const std::string next = now_.followed == "0" ? chosen : now_.followed + "." + chosen;
    after = state_of(replay(program_, next, options_), next);
    const bool came_here =
        after.ran->unfit.empty() && after.decisions.size() > now_.at &&
        made(after, now_.at).all.at(made(after, now_.at).taken).deviation == chosen;
    if (!came_here) return false;
  }
  after.at = now_.at + 1;
  before_.push_back(std::exchange(now_, std::move(after)));
  return true;
}

void walk::take_defaults(std::uint32_t steps) {
  BRAID_ASSERT(next() != nullptr && steps > 0);
  before_.push_back(now_);
  const std::uint64_t until = std::uint64_t{next_event()->step} + steps;
  while (next() != nullptr && next_event()->step < until) ++now_.at;
}

bool walk::undo() {
  if (before_.empty()) return false;
  now_ = std::move(before_.back());
  before_.pop_back();
  return true;
}

history walk::so_far() const {
  history told = now_.ran->told;
  if (next() == nullptr) return told;
  std::size_t end = now_.decisions[now_.at].row;
  const bool has_begun = is_within_event(*next());
  told.rows.resize(end + has_begun);
  if (has_begun) {
    happening& last = told.rows.back();
    last.value.clear();
    last.wakes.clear();
    last.waits = false;
  }
  forget_later_values(told.rows);
  int newest = 0;
  for (const happening& h : told.rows) newest = std::max(newest, h.creates);
  told.goroutines.resize(static_cast<std::size_t>(newest) + 1);
  for (goroutine_history& g : told.goroutines) {
    g = {.name = g.name, .created_at = g.created_at, .label = g.label};
  }
  told.races.clear();
  told.foreign_unlocks.clear();
  return told;
}

}  // namespace braid
