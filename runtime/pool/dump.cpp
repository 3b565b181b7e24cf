// The list of goroutines that a deadlock prints; see dump.hpp.
#include "pool/dump.hpp"

#include <algorithm>
#include <braid/scheduler.hpp>

namespace braid {
namespace {

// Go's wait reasons (rule D3).
std::string reason(const op* pending) {
  if (pending == nullptr) return "running";
  const std::string nil = pending->object == nullptr ? " (nil chan)" : "";
  switch (pending->kind) {
    case op_kind::send:
      return "chan send" + nil;
    case op_kind::recv:
      return "chan receive" + nil;
    case op_kind::select:
      return pending->argument < 0 ? "select (no cases)" : "select";
    case op_kind::lock:
      return "sync.Mutex.Lock";
    case op_kind::wait:
      return "sync.WaitGroup.Wait";
    case op_kind::sleep:
      return "sleep";
    default:
      return "waiting";
  }
}

std::string line_of(const char* head, where at) {
  if (!at) return {};
  return head + std::string(at.file()) + ":" + std::to_string(at.line()) + "\n";
}

}  // namespace

std::string describe_waiting(std::vector<const goroutine*> all) {
  constexpr std::size_t shown_max = 100;
  std::sort(all.begin(), all.end(), is_older);
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), shown_max); ++i) {
    const goroutine& g = *all[i];
    if (i > 0) text += "\n";
    text += "goroutine " + std::to_string(i + 1) + " [" + reason(g.pending) + "]:\n";
    if (g.pending != nullptr) text += line_of("\t", g.pending->at);
    text += line_of("created at ", g.created_at());
  }
  if (all.size() > shown_max) {
    text += "\n" + std::to_string(all.size() - shown_max) + " more goroutines\n";
  }
  return text;
}

}  // namespace braid
