// Whether two findings have the same cause; see cause.hpp.
#include "explain/cause.hpp"

#include <algorithm>
#include <set>

namespace braid {
namespace {

// Equal parts are told once: how many wait at one place depends on the schedule.
std::string joined(const std::set<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += "; " + part;
  return text;
}

const involved_goroutine* holder_of(const std::string& object, const finding& f) {
  const auto holder =
      std::find_if(f.goroutines.begin(), f.goroutines.end(), [&](const involved_goroutine& g) {
        return std::find(g.holds.begin(), g.holds.end(), object) != g.holds.end();
      });
  return object.empty() || holder == f.goroutines.end() ? nullptr : &*holder;
}

// Each waits for what the next one holds, and the last for what the first one does.
bool is_in_cycle(const involved_goroutine& g, const finding& f) {
  const involved_goroutine* at = &g;
  for (std::size_t length = 0; length < f.goroutines.size(); ++length) {
    at = holder_of(at->waits_for, f);
    if (at == nullptr) return false;
    if (at == &g) return true;
  }
  return false;
}

// Who waits, or loops, where: `go at a.cpp:3 in chan.recv at b.cpp:7`. Without places what is done
// has to do. If some wait for each other in a cycle, the rest waits because of them.
std::string who_waits_where(const finding& f) {
  const bool has_cycle =
      std::any_of(f.goroutines.begin(), f.goroutines.end(),
                  [&](const involved_goroutine& g) { return is_in_cycle(g, f); });
  std::set<std::string> parts;
  for (const involved_goroutine& g : f.goroutines) {
    if (has_cycle && !is_in_cycle(g, f)) continue;
    std::string part = g.created_at + " in " + (g.at.empty() ? g.operation : g.at);
    for (const looped_operation& o : g.loop) part += ", " + (o.at.empty() ? o.operation : o.at);
    parts.insert(std::move(part));
  }
  return joined(parts);
}

std::string which_accesses(const finding& f) {
  std::set<std::string> parts;
  for (const raced_access& a : f.accesses) parts.insert(a.kind + " " + a.at);
  return joined(parts);
}

}  // namespace

std::string cause_of(const finding& f) {
  std::string text(name_of(f.what));
  if (!f.accesses.empty()) return text + which_accesses(f);
  if (!f.goroutines.empty()) return text + who_waits_where(f);
  return text + "; " + f.summary;
}

}  // namespace braid
