// The history of one execution: what reports show of it, row by row.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
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
  // Of a wait: what it waits for; of a select the channel of each case, `nil chan` for none.
  std::vector<std::string> waits_for = {};
  // What was decided for this event, in order: who acts, then a case or a value within it. Only in
  // a history that braid::replay() tells, there of the first 200,000 possibilities.
  std::vector<choice> choices = {};
  // Earlier rows of others that directly happen before this one, as in Go's memory model, by index.
  std::vector<int> after = {};

  // What could have happened instead.
  std::vector<possibility> could() const;
};

// A lock that was taken and not given back.
struct held_lock {
  std::string object;      // mutex1, rwmutex cache
  std::uint32_t step = 0;  // since when
  std::string at = {};     // file:line
  bool is_shared = false;  // by a reader
  friend bool operator==(const held_lock&, const held_lock&) = default;
};

struct goroutine_history {
  std::string name;                   // main, g1, g2, ...
  std::string created_at;             // file:line of go()
  std::string label = {};             // the name that go_options gave it
  int waiting_row = -1;               // the row in which it waits at the end; -1: it does not
  std::vector<int> loop = {};         // the rows of an iteration that it repeats at the end
  std::vector<held_lock> holds = {};  // at the end
  bool finished = false;
  int created_by = -1;              // a goroutine's number; -1: of main, or not known
  std::uint32_t finished_step = 0;  // the step after which it had finished
  int last_row = -1;                // what it did last
  // It can never go on, though others still could when the execution was cut (detect/stuck.hpp).
  bool is_stuck = false;
  bool is_deadlocked = false;  // because of a lock
};

// An object, as far as those who wait for it have to know it.
struct object_history {
  // The last operation of its kind by a goroutine.
  struct use {
    int goroutine = 0;
    std::string kind;  // send, recv, close, notify, add, done; of atomics store
    std::uint32_t step = 0;
    std::string at;            // file:line
    bool took_effect = false;  // else it was tried, as the case of a select that was not chosen
    friend bool operator==(const use&, const use&) = default;
  };
  // A writer that waits until the readers of a shared mutex have left, and keeps new ones out.
  struct announced_writer {
    int goroutine = -1;  // -1: there is none
    std::uint32_t step = 0;
    std::string at = {};
    friend bool operator==(const announced_writer&, const announced_writer&) = default;
  };
  std::string name;        // mutex1; of one with a name `mutex accounts`
  std::string short_name;  // mutex1; `accounts`
  std::string made_at;     // file:line
  int made_after = 0;      // so many goroutines had been created
  // Without a place: who made it, and which of its kind: main.1/mutex2, the second that the first
  // child of main made.
  std::string made_as = {};
  std::vector<use> uses = {};
  announced_writer writer = {};
  std::int64_t to_go = 0;  // of a wait group
  friend bool operator==(const object_history&, const object_history&) = default;
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
  std::vector<object_history> objects = {};
  bool is_cut = false;  // others could still go on
  int refused = -1;     // the goroutine whose last operation was on an object that does not live
  // The goroutine in whose own code the process died, or did not come back; -1: nothing of the
  // kind.
  int stopped_in = -1;
  // The path, as the compiler knew it, of each file that places name; empty if two have that name.
  std::map<std::string, std::string> files = {};
  // Why a history of calls, checked by the program, is not linearizable; lines. Empty: none was.
  std::string refutation = {};

  // Numbers of the goroutines that hold the lock for which this row waits, as far as they keep it
  // waiting: those that read do not keep readers out, nor from becoming the next writer.
  std::vector<int> holders_of(const happening& wait) const;
  // Null if there is none.
  const object_history* find_object(std::string_view name) const;
  // The number of the last step that is told, without what others did when the program had ended;
  // 0: none is.
  std::uint32_t last_step() const;
};

}  // namespace braid
