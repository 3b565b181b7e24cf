// The small programs that scripts/compare-go runs as Go and as braid: what they consist of, and how
// braid performs them. small_programs.py makes them, and writes them as Go.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace braid::testing {

enum class act {
  print,
  start,
  send,
  recv,
  close,
  try_send,
  try_recv,
  size,
  select,
  lock,
  unlock,
  locked,
  wlocked,
  rlocked,
  once,
  add,
  done,
  wait,
  signal,
  broadcast,
  set,
  cond_wait,
  await_set,
};

// One case of a select.
struct select_case {
  bool sends = false;
  std::size_t on = 0;
};

struct instruction {
  act what = act::print;
  std::string label = {};               // begins the line that it prints, if it prints
  int value = 0;                        // what it sends
  std::size_t on = 0;                   // a channel; or the goroutine that it starts
  bool has_default = false;             // of a select
  std::vector<select_case> cases = {};  // of a select
  std::vector<instruction> inner = {};  // what is done with a lock held, or once
};

struct small_go_program {
  std::vector<int> capacities = {};                       // of its channels; below 0: a nil channel
  int group = 0;                                          // what the wait group starts with
  bool waits = true;                                      // main waits for all others
  std::vector<std::vector<instruction>> goroutines = {};  // main first
};

// Throws nlohmann's exceptions, and std::out_of_range for an unknown instruction.
small_go_program program_from(const nlohmann::json& text);

// Performs the program, in the main goroutine of an execution. REQUIRES: it outlives that.
void perform(const small_go_program& program);

}  // namespace braid::testing
