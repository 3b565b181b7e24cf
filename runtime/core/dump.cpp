// Dumps of goroutines in Go's form; see <braid/dump.hpp>.
#include <algorithm>
#include <braid/dump.hpp>
#include <braid/panic.hpp>
#include <braid/scheduler.hpp>
#include <ostream>
#include <string>

namespace braid {
namespace detail {
namespace {

std::string place_of(where at) {
  return "\n\t" + std::string(at.file()) + ":" + std::to_string(at.line());
}

std::string function_of(where at) { return at.function() == nullptr ? "?" : at.function(); }

}  // namespace

std::string text_of(const goroutine_state& one) {
  std::string text =
      "goroutine " + std::to_string(one.id) + " [" + std::string(braid::text_of(one.doing));
  if (one.has_thread) text += ", locked to thread";
  if (!one.name.empty()) text += ", \"" + one.name + "\"";
  text += "]:\n";
  if (one.at) text += function_of(one.at) + "(...)" + place_of(one.at) + "\n";
  if (one.created_at) {
    text += "created by " + function_of(one.created_at) + " in goroutine " +
            std::to_string(one.created_by) + place_of(one.created_at) + "\n";
  }
  return text;
}

std::string text_of_all(const std::vector<goroutine_state>& all) {
  constexpr std::size_t shown_max = 100;
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), shown_max); ++i) {
    if (i > 0) text += "\n";
    text += text_of(all[i]);
  }
  if (all.size() > shown_max) {
    text += "\n" + std::to_string(all.size() - shown_max) + " more goroutines\n";
  }
  return text;
}

goroutine_state state_of_caller(where at) {
  const goroutine& self = goroutine::current();
  return {.id = self.id,
          .name = std::string(self.name()),
          .doing = wait_reason::running,
          .at = at,
          .created_at = self.created_at(),
          .created_by = self.created_by(),
          .has_thread = self.has_thread()};
}

}  // namespace detail

int num_goroutines() { return static_cast<int>(current_scheduler().goroutines_count()); }

void dump(std::ostream& to, where at) {
  std::vector<goroutine_state> all;
  current_scheduler().describe_all(all);
  const std::uint64_t self = goroutine::current().id;
  const auto caller = std::find_if(all.begin(), all.end(),
                                   [self](const goroutine_state& one) { return one.id == self; });
  if (caller != all.end()) {
    *caller = detail::state_of_caller(at);
    std::rotate(all.begin(), caller, caller + 1);
  }
  to << detail::text_of_all(all);
}

}  // namespace braid
