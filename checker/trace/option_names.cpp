// The options of executions by their names; see option_names.hpp.
#include "trace/option_names.hpp"

#include <array>
#include <charconv>

namespace braid {
namespace {

const execution_options defaults;

struct flag {
  std::string_view name;
  bool execution_options::*is_set;
};
constexpr std::array flags = {
    flag{"no-leak", &execution_options::check_leaks},
    flag{"no-deadlock", &execution_options::check_deadlocks},
    flag{"spurious-try-lock", &execution_options::spurious_try_locks},
    flag{"spurious-wakeups", &execution_options::spurious_wake_ups},
    flag{"no-race", &execution_options::check_races},
    flag{"warn-foreign-unlock", &execution_options::warn_foreign_unlocks}};

constexpr std::string_view steps_name = "max-steps";

struct list {
  std::string_view name;
  std::vector<std::string> execution_options::*values;
};
constexpr std::array lists = {list{"forbid", &execution_options::forbid},
                              list{"allow", &execution_options::allow}};

}  // namespace

execution_options options_of(const explore_options& all) {
  return {.steps_max = all.steps_max,
          .check_leaks = all.check_leaks,
          .check_deadlocks = all.check_deadlocks,
          .check_races = all.check_races,
          .spurious_try_locks = all.spurious_try_locks,
          .spurious_wake_ups = all.spurious_wake_ups,
          .warn_foreign_unlocks = all.warn_foreign_unlocks,
          .forbid = all.forbid,
          .allow = all.allow};
}

void add_options(explore_options& to, const execution_options& more) {
  if (to.steps_max == defaults.steps_max) to.steps_max = more.steps_max;
  to.check_leaks = to.check_leaks && more.check_leaks;
  to.check_deadlocks = to.check_deadlocks && more.check_deadlocks;
  to.check_races = to.check_races && more.check_races;
  to.spurious_try_locks = to.spurious_try_locks || more.spurious_try_locks;
  to.spurious_wake_ups = to.spurious_wake_ups || more.spurious_wake_ups;
  to.warn_foreign_unlocks = to.warn_foreign_unlocks || more.warn_foreign_unlocks;
  if (!to.forbid.empty() || !to.allow.empty()) return;  // both judge an outcome
  to.forbid = more.forbid;
  to.allow = more.allow;
}

std::vector<named_option> changed_options(const execution_options& of) {
  std::vector<named_option> all;
  for (const flag& f : flags) {
    if (of.*f.is_set != defaults.*f.is_set) all.push_back({.name = f.name});
  }
  if (of.steps_max != defaults.steps_max) {
    all.push_back({.name = steps_name, .value = std::to_string(of.steps_max)});
  }
  for (const list& l : lists) {
    for (const std::string& value : of.*l.values) all.push_back({.name = l.name, .value = value});
  }
  return all;
}

bool set_option(execution_options& to, std::string_view name, const std::string& value) {
  for (const flag& f : flags) {
    if (f.name != name) continue;
    to.*f.is_set = !(defaults.*f.is_set);
    return value.empty();
  }
  for (const list& l : lists) {
    if (l.name == name) return (to.*l.values).push_back(value), true;
  }
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, to.steps_max);
  return name == steps_name && error == std::errc{} && stop == end && to.steps_max > 0;
}

}  // namespace braid
