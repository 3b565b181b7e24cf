// Which goroutines repeat themselves; see repetitions.hpp.
#include "lockstep/repetitions.hpp"

#include <algorithm>
#include <utility>

namespace braid {
namespace {

constexpr std::size_t iteration_max = 256;  // observations; longer loops are not recognised

bool equal(const observation& a, const observation& b) {
  return a.kind == b.kind && a.file == b.file && a.line == b.line && a.object == b.object &&
         a.version == b.version && a.is_continued == b.is_continued;
}

}  // namespace

void repetitions::begin(bool keeps_past) {
  keeps_past_ = keeps_past;
  clock_moves_ = 0;
  for (run& r : runs_) {
    r.seen.clear();
    r.open = r.repeated = 0;
    r.state = 0;
  }
}

void repetitions::keep(std::uint32_t steps) {
  for (run& r : runs_) {
    while (!r.seen.empty() && r.seen.back().step > steps) r.seen.pop_back();
    r.open = r.seen.size();
    r.state = 0;
    r.repeated = 0;
    if (r.seen.empty()) continue;
    if (r.seen.back().ended_at > steps) r.seen.back().ended_at = 0;
    while (r.open > 0 && r.seen[r.open - 1].ended_at == 0) --r.open;
  }
}

bool repetitions::is_open(std::uint32_t goroutine) const {
  return goroutine < runs_.size() && runs_[goroutine].open < runs_[goroutine].seen.size();
}

bool repetitions::has_failed(const event& attempt) {
  switch (attempt.done.kind) {
    case op_kind::update:  // one that compares, and whose value can be compared with others
      return attempt.result == 0 && attempt.done.holds_for != nullptr;
    case op_kind::select:
      return attempt.result < 0;
    default:
      return attempt.result == 0;
  }
}

void repetitions::observed(goroutine& g, const op& done, const object* on, std::uint32_t step) {
  if (g.number >= runs_.size()) runs_.resize(g.number + 1);
  run& r = runs_[g.number];
  g.recent |= filter_of(done);
  r.repeated = 0;
  const std::size_t place = r.seen.size();
  add(r, done, done.arms.empty() ? on : find(done.arms.front().object), step);
  r.seen[place].state = std::exchange(r.state, 0);
  for (std::size_t arm = 1; arm < done.arms.size(); ++arm) {
    r.seen.back().is_continued = true;
    add(r, done, find(done.arms[arm].object), step);
  }
  if (r.seen.size() - r.open < 4 * iteration_max) [[likely]]
    return;
  const auto begin = r.seen.begin() + static_cast<std::ptrdiff_t>(r.open);
  r.seen.erase(begin, begin + 2 * iteration_max);
}

void repetitions::add(run& r, const op& what, const object* on, std::uint32_t step) {
  r.seen.push_back({.kind = what.kind,
                    .file = what.at.file(),
                    .line = what.at.line(),
                    .address = on == nullptr ? nullptr : on->address,
                    .object = on == nullptr ? 0 : on->id,
                    .version = version_of(what.kind, on),
                    .step = step});
}

void repetitions::acted(goroutine& g, std::uint32_t step) {
  g.recent = 0;
  run& r = runs_[g.number];
  r.state = 0;
  r.repeated = 0;
  if (!keeps_past_) r.seen.clear();
  if (!r.seen.empty() && r.seen.back().ended_at == 0) r.seen.back().ended_at = step;
  r.open = r.seen.size();
}

const object* repetitions::find(const void* address) const {
  return address == nullptr ? nullptr : objects_.find(address);
}

std::uint32_t repetitions::version_of(op_kind kind, const object* on) const {
  if (kind == op_kind::now) return clock_moves_;
  return on == nullptr ? 0 : on->changed_at;
}

bool repetitions::is_same(const observation& o, const op& what) const {
  if (o.kind != what.kind || o.file != what.at.file() || o.line != what.at.line()) return false;
  const object* const on = find(what.arms.empty() ? what.object : what.arms.front().object);
  return o.object == (on == nullptr ? 0 : on->id);
}

bool repetitions::is_back(const goroutine& g, const op& next) const {
  const run& r = runs_[g.number];
  return std::any_of(r.seen.begin() + static_cast<std::ptrdiff_t>(r.open), r.seen.end(),
                     [&](const observation& o) { return is_same(o, next); });
}

// The shortest iteration that fits: it ends here.
bool repetitions::comes_back(const goroutine& g, const op& next, std::uint64_t state) {
  run& r = runs_[g.number];
  r.state = state;
  const auto end = r.seen.end();
  const std::size_t length_max = std::min((r.seen.size() - r.open) / 2, iteration_max);
  for (std::size_t length = 1; length <= length_max; ++length) {
    const auto begin = end - static_cast<std::ptrdiff_t>(length);
    if (begin->state != state || !is_same(*begin, next)) continue;
    if (!std::equal(begin, end, begin - static_cast<std::ptrdiff_t>(length), equal)) continue;
    r.repeated = length;
    return true;
  }
  return false;
}

bool repetitions::has_changed(const goroutine& g) const {
  const std::span<const observation> read = iteration_of(g);
  return std::any_of(read.begin(), read.end(),
                     [this](const observation& o) { return has_changed(o); });
}

}  // namespace braid
