// Whether two findings have the same cause; see cause.hpp.
#include "explain/cause.hpp"

#include <algorithm>
#include <set>

namespace braid {
namespace {

// In no order, and each once.
std::string joined(std::vector<std::string> parts) {
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  std::string text;
  for (const std::string& part : parts) text += "; " + part;
  return text;
}

bool waits_for_the_dead(const involved_goroutine& g) {
  return std::any_of(g.held_by.begin(), g.held_by.end(),
                     [](const awaited_goroutine& h) { return h.state.starts_with("finished"); });
}

// Those without whom the others would go on, as far as that is known.
std::vector<const involved_goroutine*> core_of(const finding& f) {
  const auto select = [&](auto&& is_in) {
    std::vector<const involved_goroutine*> some;
    for (const involved_goroutine& g : f.goroutines) {
      if (is_in(g)) some.push_back(&g);
    }
    return some;
  };
  auto core = select([](const involved_goroutine& g) { return g.in_cycle; });
  if (core.empty()) core = select(waits_for_the_dead);
  if (core.empty()) core = select([](const involved_goroutine&) { return true; });
  return core;
}

// Who waits, or loops, where: `go at a.cpp:3 in chan.recv at b.cpp:7`. Without places what is done
// has to do. The place of a lock that a std::lock_guard takes is in std's header: so where the
// object was made counts, too.
std::string who_waits_where(const finding& f) {
  std::vector<std::string> parts;
  for (const involved_goroutine* const g : core_of(f)) {
    std::string part = g->created_at + " in " + (g->at.empty() ? g->operation : g->at);
    part += " on " + (g->made_at.empty() ? g->made_as : g->made_at);
    for (const looped_operation& o : g->loop) part += ", " + (o.at.empty() ? o.operation : o.at);
    parts.push_back(std::move(part));
  }
  return joined(parts);
}

std::string which_accesses(const finding& f) {
  std::vector<std::string> parts;
  for (const raced_access& a : f.accesses) parts.push_back(a.kind + " " + a.at);
  std::sort(parts.begin(), parts.end());
  return "; " + parts[0] + "; " + parts[1];
}

}  // namespace

std::string cause_of(const finding& f) {
  std::string text(name_of(f.what));
  if (!f.accesses.empty()) return text + which_accesses(f);
  if (f.what == verdict::not_linearizable) return text;
  if (!f.goroutines.empty()) return text + who_waits_where(f);
  return text + "; " + f.summary;
}

const finding* find_cause(const std::vector<finding>& all, const finding& f) {
  const auto same = std::find_if(all.begin(), all.end(), [cause = cause_of(f)](const finding& g) {
    return cause_of(g) == cause;
  });
  return same == all.end() ? nullptr : &*same;
}

void add_by_cause(std::vector<finding>& to, finding f) {
  const std::string cause = cause_of(f);
  const auto known = std::find_if(to.begin(), to.end(), [&](const finding& other) {
    return other.what == f.what && cause_of(other) == cause;
  });
  if (known == to.end()) {
    f.outcomes = std::max<std::uint64_t>(f.outcomes, 1);
    return to.push_back(std::move(f));
  }
  const std::uint64_t outcomes = known->outcomes + f.outcomes;
  if (f.deviations < known->deviations) *known = std::move(f);
  known->outcomes = outcomes;
}

}  // namespace braid
