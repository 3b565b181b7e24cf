// How reports look: widths, ASCII, colours, pipes, progress.
//
// Oracle: columns are counted as code points; an ESC is a colour.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <csignal>

#include "cli/command.hpp"
#include "support/patterns.hpp"

namespace {

using namespace braid::testing;

const std::vector<words> reports = {
    {"list"},
    {"help"},
    {"help", "explore"},
    {"help", "replay"},
    {"explore", "foo-vs-after"},
    {"explore", "lock-order"},
    {"explore", "timeout", "--timers", "free", "-v"},
    {"explore", "print-nums", "--timers", "free"},
    {"explore", "direct-goroutine-going", "--timers", "free", "--strategy", "random", "-n", "300"},
    {"explore", "wait-group", "-v"},
    {"explore", "wait-group", "--strategy", "pct:2", "-n", "100"},
    {"explore", "transfer:4", "-n", "2000"},
    {"check", "wait-group", "-n", "5"},
    {"explore", "--help"},
    {"explore", "many-goroutines:30", "-n", "2", "-v"},
    {"run", "wait-group", "-n", "3"},
};

std::size_t widest(const std::string& text) {
  std::size_t columns = 0;
  for (const std::string& line : lines_of(text)) columns = std::max(columns, code_points(line));
  return columns;
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

TEST_CASE("no line is wider than 100 columns, nor than --width", "[cli]") {
  for (words report : reports) {
    CAPTURE(report);
    CHECK(widest(braid_says(report).out) <= 100);
    if (report[0] == "help") continue;
    for (const std::size_t width : {80U, 60U}) {
      words narrow = report;
      narrow.insert(narrow.end(), {"--width", std::to_string(width)});
      const child_result said = braid_says(narrow);
      CAPTURE(said.out);
      CHECK(!said.out.empty());
      for (const std::string& line : lines_of(said.out)) {
        CHECK(code_points(line) <= width);
      }
    }
  }
}

// Oracle: what is copied is one word after another on one line, and works.
TEST_CASE("a command to copy has a line of its own where it does not fit", "[cli]") {
  const std::string program = "sct/InterlockedWorkStealQueueWithState";
  const child_result said =
      braid_says({"explore", program, "-n", "300", "--no-progress", "--width", "80"});
  std::size_t commands = 0;
  for (const std::string& line : lines_of(said.out)) {
    CAPTURE(line);
    CHECK(code_points(line) <= 80);
    const pattern_match copied =
        first_match(line, "^ *(replay +)?braid replay " + program + " (\\S+)$");
    if (copied.empty()) continue;
    ++commands;
    const child_result again = braid_says({"replay", program, copied[2], "-q"});
    CHECK((again.code == 10 || again.code == 12));
    CHECK(again.err.empty());
  }
  CHECK(commands >= 2);
}

// Oracle: the contract of tokens, as `tests/checker/tokens_test.cpp` has it for outcomes.
TEST_CASE("a token of more than 60 characters is told by its run, or is in a file", "[cli]") {
  const words with_check = {
      "explore",  "concurrent-processing", "--strategy", "urw", "-n", "300", "--no-race",
      "--no-leak"};
  const child_result sampled = braid_says(with_check);
  CHECK(contains(sampled.out, "replay rurw-s1-k"));
  const words shrunk = {"explore", "sct/twostage_100", "-n", "400", "--no-progress"};
  const child_result said = braid_says(shrunk, {{"TMPDIR", "/tmp"}});
  CHECK(widest(said.out) <= 100);
  const pattern_match copied = first_match(said.out, "replay sct/twostage_100 @(\\S+)\n");
  REQUIRE(copied.size() == 2);
  const child_result again = braid_says({"replay", "sct/twostage_100", "@" + copied[1], "-q"});
  CHECK(again.code == 10);
  CHECK(again.err.empty());
  CHECK(braid_says(shrunk, {{"TMPDIR", "/tmp"}}).code == 10);  // the file that is there is used
  unlink(copied[1].c_str());
  const child_result nowhere = braid_says(shrunk, {{"TMPDIR", "/nowhere/at/all"}});
  CHECK(contains(nowhere.out, "replay sct/twostage_100 1"));
}

TEST_CASE("a wide --width is used where lines were folded", "[cli]") {
  const words report = {"explore", "direct-goroutine-going", "--width", "200"};
  CHECK(widest(braid_says(report).out) > 100);
}

TEST_CASE("without a UTF-8 locale or with --ascii all is ASCII", "[cli]") {
  for (words report : reports) {
    CAPTURE(report);
    const child_result plain = braid_says(report, {{"LANG", ""}});
    CHECK(is_ascii(plain.out));
    CHECK(widest(plain.out) <= 100);
    CHECK(is_ascii(braid_says(report, {{"LC_ALL", "C"}}).out));
    if (report[0] == "help") continue;
    report.push_back("--ascii");
    CHECK(is_ascii(braid_says(report).out));
  }
  CHECK(!is_ascii(braid_says({"explore", "foo-vs-after"}).out));
}

TEST_CASE("output beyond ASCII is escaped where the terminal has none", "[cli]") {
  const auto prepare = [] { add_program("accents", [](int) { braid::print("\u00e9"); }); };
  const child_result said = own_braid_says({"explore", "accents"}, prepare);
  CHECK(contains(said.out, "\"\u00e9\""));
  const child_result plain = own_braid_says({"explore", "accents", "--ascii"}, prepare);
  CHECK(contains(plain.out, R"("\xc3\xa9")"));
}

TEST_CASE("what a program prints cannot steer the terminal", "[cli]") {
  const auto prepare = [] { add_program("evil", [](int) { braid::print("\x1b[2J\r"); }); };
  const child_result said = own_braid_says({"explore", "evil", "-v"}, prepare);
  CHECK(!contains(said.out, "\x1b"));
  CHECK(contains(said.out, R"("\x1b[2J\r")"));
}

TEST_CASE("colours only when asked for or on a terminal, and nothing depends on them", "[cli]") {
  const words report = {"explore", "lock-order", "--color"};
  const auto with = [&](const char* when, const variables& environment = {}) {
    words all = report;
    all.emplace_back(when);
    return braid_says(all, environment).out;
  };
  CHECK(contains(with("always"), "\x1b["));
  CHECK(contains(with("always", {{"NO_COLOR", "1"}}), "\x1b["));
  CHECK(!contains(with("auto"), "\x1b["));
  CHECK(!contains(with("never"), "\x1b["));
}

// Runs `body` with a terminal in place of stdout or stderr, and gives what was written to it.
std::string on_terminal(int fd, const words& arguments, const variables& environment,
                        const std::function<void()>& prepare) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(terminal >= 0);
  REQUIRE(grantpt(terminal) == 0);
  REQUIRE(unlockpt(terminal) == 0);
  const std::string name = ptsname(terminal);
  const int held = open(name.c_str(), O_RDWR | O_NOCTTY);  // what is written stays until it is read
  own_braid_says(arguments, [&] {
    for (const auto& [variable, value] : environment) setenv(variable.c_str(), value.c_str(), 1);
    dup2(open(name.c_str(), O_RDWR | O_NOCTTY), fd);
    prepare();
  });
  // What was written arrives in parts, some time later.
  const std::string end = "<end>";
  REQUIRE(write(held, end.data(), end.size()) == static_cast<ssize_t>(end.size()));
  std::string text;
  while (!text.ends_with(end)) {
    std::array<char, 4096> part;
    const ssize_t n = read(terminal, part.data(), part.size());
    REQUIRE(n > 0);
    text.append(part.data(), static_cast<std::size_t>(n));
  }
  text.resize(text.size() - end.size());
  close(held);
  close(terminal);
  return text;
}

void add_small() {
  add_program("small", [](int) { braid::println("small"); });
}

TEST_CASE("a terminal gets colours, unless NO_COLOR is set and not empty", "[cli]") {
  const words report = {"explore", "small"};
  CHECK(contains(on_terminal(STDOUT_FILENO, report, {}, add_small), "\x1b["));
  CHECK(contains(on_terminal(STDOUT_FILENO, report, {{"NO_COLOR", ""}}, add_small), "\x1b["));
  CHECK(!contains(on_terminal(STDOUT_FILENO, report, {{"NO_COLOR", "1"}}, add_small), "\x1b["));
  CHECK(!contains(on_terminal(STDOUT_FILENO, report, {{"TERM", "dumb"}}, add_small), "\x1b["));
}

void add_long() {
  add_program("long", [](int) {
    for (int i = 0; i < 40; ++i) braid::choose(100);
  });
}

TEST_CASE("a terminal gets a progress line, which is erased at the end", "[cli]") {
  const words report = {"explore", "long", "--strategy", "dfs", "-t", "800ms"};
  const std::string drawn = on_terminal(STDERR_FILENO, report, {}, add_long);
  CHECK(contains(drawn, "long  dfs  "));
  CHECK(contains(drawn, " runs  "));
  CHECK(contains(drawn, "0 bugs"));
  CHECK(drawn.ends_with("\r\x1b[K"));
  words quiet = report;
  quiet.push_back("--no-progress");
  CHECK(on_terminal(STDERR_FILENO, quiet, {}, add_long).empty());
}

TEST_CASE("a full disk is 128 with one line", "[cli]") {
  for (const words& command : {words{"list"},
                               {"help"},
                               {"explore", "small"},
                               {"explore", "small", "--json"},
                               {"replay", "small", "0"},
                               {"run", "small", "-n", "1"}}) {
    CAPTURE(command);
    const child_result said = own_braid_says(command, [] {
      add_small();
      dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
    });
    CHECK(said.code == 128);
    CHECK(lines_of(said.err).size() == 1);
    CHECK(contains(said.err, "cannot write to stdout: No space left on device"));
  }
}

TEST_CASE("a reader that went away is no reason for noise", "[cli]") {
  const auto without_reader = [] {
    int ends[2];
    if (pipe(ends) != 0) abort();
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
  };
  const child_result killed = own_braid_says({"list"}, without_reader);
  CHECK(killed.signal == SIGPIPE);
  CHECK(killed.err.empty());
  const child_result told = own_braid_says({"list"}, [&] {
    signal(SIGPIPE, SIG_IGN);
    without_reader();
  });
  CHECK(told.code == 141);
  CHECK(told.err.empty());
}

}  // namespace
