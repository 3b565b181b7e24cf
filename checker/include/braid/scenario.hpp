// Programs by name: the command line and the tests find them here.
//
//   #include <braid/braid.hpp>
//   #include <braid/scenario.hpp>
//
//   BRAID_SCENARIO("my-program", "what it shows") {
//     braid::go([] { braid::println("foo"); });
//     braid::println("after");
//   }
//
// The body is the program's main function. The name is a word without colons. A program that takes
// a size says so with its default, BRAID_SCENARIO("ring", "a ring of N", {.size = 10}) { ... size
// ... }, and is also called ring:25. The options may hold the outcomes that are expected, which the
// tests then check.
#pragma once

#include <braid/panic.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace braid {

// An outcome that a program is expected to have: what it writes to stdout, and how it ends: ok,
// exit, panic, fatal, deadlock, leak or crash.
struct expected_outcome {
  expected_outcome(const char* output, const char* verdict = "ok")
      : output(output), verdict(verdict) {}
  expected_outcome(std::string output, std::string verdict = "ok")
      : output(std::move(output)), verdict(std::move(verdict)) {}

  std::string output;
  std::string verdict;
  friend auto operator<=>(const expected_outcome&, const expected_outcome&) = default;
};
using expected_outcomes = std::vector<expected_outcome>;

struct scenario_options {
  int size = 0;                          // the default size; 0: the program takes none
  expected_outcomes expected;            // with the clock moving only when all goroutines wait
  expected_outcomes expected_free = {};  // with --timers free, where that differs
  // False if exploring every schedule takes too long: then only samples are checked.
  bool exhaustible = true;
};

// A program that can be explored and run.
struct program {
  std::string name;  // with its size, as `ring:25`
  std::function<void()> main;
};

// A registered program.
class scenario {
 public:
  using body = void (*)(int size);

  scenario(std::string name, where at, body main, std::string summary,
           scenario_options options = {});

  const std::string& name() const { return name_; }
  const std::string& summary() const { return summary_; }
  const scenario_options& options() const { return options_; }
  const expected_outcomes& expected(bool free_timers) const {
    return free_timers && !options_.expected_free.empty() ? options_.expected_free
                                                          : options_.expected;
  }
  where at() const { return at_; }
  // The program with the size given, or its default size.
  program with_size(std::optional<int> size = {}) const;

 private:
  std::string name_;
  std::string summary_;
  scenario_options options_;
  where at_;
  body main_;
};

// All that are linked into this binary, by name. Throws unfit_scenario if two have one name, or if
// a name cannot be told on a command line: nothing can be thrown while they are registered.
const std::vector<scenario>& scenarios();

// The program called `name`, which may end in a size (`ring:25`). Throws unknown_program, and as
// scenarios().
program find_program(std::string_view name);
const scenario& find_scenario(std::string_view name);

class unknown_program : public std::exception {
 public:
  explicit unknown_program(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

class unfit_scenario : public std::exception {
 public:
  explicit unfit_scenario(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

namespace detail {

// Registers a scenario for the life of the process.
struct registration {
  registration(std::string name, where at, scenario::body main, std::string summary,
               scenario_options options = {});
};

}  // namespace detail
}  // namespace braid

#define BRAID_JOIN_(a, b) a##b
#define BRAID_JOIN(a, b) BRAID_JOIN_(a, b)
#define BRAID_SCENARIO_(function, name, ...)                                    \
  static void function(int size);                                               \
  static const ::braid::detail::registration BRAID_JOIN(function, _registered)( \
      name, ::braid::where{}, function, __VA_ARGS__);                           \
  static void function([[maybe_unused]] int size)

// BRAID_SCENARIO(name, summary [, options]) { body }
#define BRAID_SCENARIO(name, ...) \
  BRAID_SCENARIO_(BRAID_JOIN(braid_scenario_, __LINE__), name, __VA_ARGS__)
