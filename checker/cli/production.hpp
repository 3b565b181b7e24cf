// Many runs of a program in production, and what their outcomes say against an explored set.
#pragma once

#include <braid/explore.hpp>
#include <string>
#include <vector>

#include "cli/settings.hpp"

namespace braid::cli {

// Runs the program in processes of its own, --runs times or until it is interrupted.
report run_many(const program& chosen, const settings& asked);

// A result of `explore --json`.
struct explored_set {
  bool is_complete = false;
  bool is_free = false;  // explored with --timers free
  std::vector<reported_outcome> outcomes = {};

  // Can production see one of them so? It cannot see leaks, nor tell exit(0) from a return.
  bool has(const reported_outcome& in_production) const;
};

// Reads the line of `program` from a file. Throws refusal.
explored_set read_explored(const std::string& path, const std::string& program);

}  // namespace braid::cli
