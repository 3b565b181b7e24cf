// A failing schedule by names that survive edits: what tests/regressions/*.braid hold.
//
//   braid regression 1
//   program transfer
//   verdict deadlock
//   cause all goroutines wait, and nobody can wake them
//   token 4g2~q7ab
//   with no-race
//
//   main.2 before main.1 lock main/mutex2 #1
//
// `with` is an option of the search: it is followed with the same ones, and a mismatch is judged by
// the same outcomes (`with forbid before\nafter\n`). Each line below the empty one is a decision
// that leaves the default schedule: main.2, the second goroutine that main creates, goes first when
// main.1 is about to lock, for the first time, the second mutex that main made. `timer main.1
// before ...` lets time pass there, and `main.1 select #2 takes 1 of 3` takes a ready case, or a
// value of choose(). No numbers of steps: an edit elsewhere in the program leaves the decisions as
// they are. One that does not fit any more is left out, and said.
//
// The same in one word, for a command line or a test's options:
//   main.2:before:main.1:lock:main/mutex2:#1~k4x2
#pragma once

#include <braid/explore.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace braid {

struct regression {
  std::string program = {};
  verdict what = verdict::ok;      // that was found
  std::string cause = {};          // in words
  std::string input = {};          // of a property: from what its input is generated again
  std::string shown = {};          // that input in words
  std::string token = {};          // with which it was found
  std::uint64_t seed = 0;          // of random(); 0: it draws nothing
  execution_options options = {};  // with which it was found; only of a mismatch forbid and allow
  std::vector<std::string> decisions = {};
};

// The execution of a token by names. The caller says what it shows. Throws as replay() does;
// malformed_token also if the token cannot be followed.
regression record(const program& recorded, std::string_view token,
                  const explore_options& options = {});

// The same of a finding, with what it shows.
regression record(const program& recorded, const finding& found,
                  const explore_options& options = {});

// The text of a .braid file. parse_regression() throws unusable_file.
std::string text_of(const regression& r);
regression parse_regression(std::string_view text);
// True if a file that begins so is one.
bool is_regression(std::string_view text);

// Program (as a check), input and decisions in one word.
std::string word_of(const regression& r);
// True if it looks like such a word: no token begins so.
bool is_regression_word(std::string_view text);
// Program, verdict and cause are not in a word. Throws malformed_token; wrong_program if the word
// is of another one than `program`.
regression parse_word(std::string_view word, std::string_view program);

struct followed_regression {
  replay_result result = {};
  std::vector<std::string> left_out = {};  // decisions that did not fit, with the reason
  std::size_t applied = 0;                 // decisions that did
  std::size_t unknown = 0;  // of those left out: goroutines or objects of these names never lived

  // Nothing of it is left in this program. (One that knows the names, but does something else with
  // them, was followed: it may have been fixed.)
  bool is_lost() const { return applied == 0 && unknown > 0 && unknown == left_out.size(); }
};

// Runs `program` once, as the regression says. What does not fit is left out. Its options count
// where `options` are as by default; who judges by its outcomes sets `options.mismatch`.
followed_regression follow(const program& followed, const regression& by,
                           const explore_options& options = {});

}  // namespace braid
