// Whether two findings have the same cause; see cause.hpp.
#include "explain/cause.hpp"

#include <algorithm>
#include <vector>

namespace braid {
namespace {

std::string joined(std::vector<std::string> parts) {
  std::sort(parts.begin(), parts.end());
  std::string text;
  for (const std::string& part : parts) text += "; " + part;
  return text;
}

// Who waits, or loops, where: `go at a.cpp:3 in chan.recv at b.cpp:7`. Without places what is done
// has to do.
std::string who_waits_where(const finding& f) {
  std::vector<std::string> parts;
  for (const involved_goroutine& g : f.goroutines) {
    std::string part = g.created_at + " in " + (g.at.empty() ? g.operation : g.at);
    for (const looped_operation& o : g.loop) part += ", " + (o.at.empty() ? o.operation : o.at);
    parts.push_back(std::move(part));
  }
  return joined(std::move(parts));
}

std::string which_accesses(const finding& f) {
  std::vector<std::string> parts;
  for (const raced_access& a : f.accesses) parts.push_back(a.kind + " " + a.at);
  return joined(std::move(parts));
}

}  // namespace

std::string cause_of(const finding& f) {
  std::string text(name_of(f.what));
  if (!f.accesses.empty()) return text + which_accesses(f);
  if (f.what == verdict::not_linearizable) return text;
  if (!f.goroutines.empty()) return text + who_waits_where(f);
  return text + "; " + f.summary;
}

}  // namespace braid
