// The history of one execution: what reports show of it, row by row.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace braid {

// One of several things that could happen.
struct possibility {
  std::string deviation;  // what chooses it, as in a token: 5g2
  std::string goroutine;  // main, g1, timers
  std::string text;       // the operation: `mutex2.lock`
  std::string at;         // file:line, empty if unknown
};

struct choice {
  std::vector<possibility> all;  // the default first
  std::size_t taken = 0;
};

// One row: a numbered event, or an operation that waits on its guard (no number).
struct happening {
  static constexpr int timers = -1;  // the lane of the timers

  std::uint32_t step = 0;       // 0: unnumbered
  int goroutine = 0;            // whose lane
  std::string kind;             // of the operation: send, lock, print, ...
  std::string text;             // `chan1.send 3`
  std::string at;               // file:line, empty if unknown
  std::string object = {};      // what it acts on
  std::string value = {};       // read or received
  std::vector<int> wakes = {};  // goroutines that this event wakes
  int creates = -1;             // the goroutine that this event starts
  bool waits = false;           // it parks here, or its guard does not hold
  std::string reason = {};      // of this wait, as Go's dumps have it: chan receive (rule D3)
  bool is_deviation = false;    // from the default schedule
  std::string deviation = {};   // as in the token: 5g2
  // What was decided for this event, in order: who acts, then a case or a value within it. Only in
  // a history that braid::replay() tells, there of the first 200,000 possibilities.
  std::vector<choice> choices = {};
  // Earlier rows of others that directly happen before this one, as in Go's memory model, by index.
  std::vector<int> after = {};

  // What could have happened instead.
  std::vector<possibility> could() const;
};

struct goroutine_history {
  std::string name;                     // main, g1, g2, ...
  std::string created_at;               // file:line of go()
  std::string label = {};               // the name that go_options gave it
  int waiting_row = -1;                 // the row in which it waits at the end; -1: it does not
  std::vector<int> loop = {};           // the rows of an iteration that it repeats at the end
  std::vector<std::string> holds = {};  // locked objects at the end
  std::vector<std::uint32_t> held_since = {};  // steps, parallel to `holds`
  bool finished = false;
};

// Two accesses that nothing orders.
struct race_history {
  struct access {
    int goroutine = 0;
    std::uint32_t step = 0;  // 0: where the variable was made
    std::string kind;        // read, write, made, send, close, add, wait
    bool writes = false;
    std::string at;  // file:line, empty if unknown
  };
  std::string object;   // var1, chan2, wait_group1
  std::string made_at;  // file:line
  access earlier;
  access later;
};

// A goroutine unlocked what another one had locked.
struct foreign_unlock_history {
  struct act {
    int goroutine = 0;
    std::string at;  // file:line, empty if unknown
  };
  std::string object;   // mutex1, rwmutex2
  std::string made_at;  // file:line
  act lock;
  act unlock;
};

struct history {
  std::vector<happening> rows;
  std::vector<race_history> races = {};
  std::vector<foreign_unlock_history> foreign_unlocks = {};  // if they were asked for
  std::vector<goroutine_history> goroutines;
  // The path, as the compiler knew it, of each file that places name; empty if two have that name.
  std::map<std::string, std::string> files = {};
  // Why a history of calls, checked by the program, is not linearizable; lines. Empty: none was.
  std::string refutation = {};
  // Who has locked `object`: a goroutine's number, or -1.
  int holder_of(const std::string& object) const;
};

}  // namespace braid
