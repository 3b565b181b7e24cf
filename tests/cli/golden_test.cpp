// Printed output, compared byte for byte with files that were looked at.
//
// To renew them after a change that is meant: BRAID_RENEW_GOLDEN=1 build/braid-tests '[golden]',
// then look at the difference. Times and folders are masked.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "cli/command.hpp"
#include "support/patterns.hpp"

namespace {

using namespace braid::testing;

struct golden {
  std::string file;
  words arguments;
  variables environment = {};
  std::string binary = BRAID_BINARY;
};

const std::vector<golden> all = {
    {"help.txt", {"help"}},
    {"help-list.txt", {"help", "list"}},
    {"help-explore.txt", {"help", "explore"}},
    {"help-run.txt", {"help", "run"}},
    {"help-replay.txt", {"help", "replay"}},
    {"help-merge.txt", {"help", "merge"}},
    {"help-show.txt", {"help", "show"}},
    {"help-completion.txt", {"help", "completion"}},
    {"help-step.txt", {"help", "step"}},
    {"help-check.txt", {"help", "check"}},
    {"help-shrink.txt", {"help", "shrink"}},
    {"help-diff.txt", {"help", "diff"}},
    {"list.txt", {"list"}},
    {"explore-foo-vs-after.txt", {"explore", "foo-vs-after"}},
    {"explore-timeout.txt", {"explore", "timeout", "--timers", "free"}},
    {"explore-lock-order.txt", {"explore", "lock-order"}},
    {"explore-lock-order-ascii.txt", {"explore", "lock-order", "--width", "70"}, {{"LANG", "C"}}},
    {"explore-send-on-closed.txt", {"explore", "send-on-closed"}},
    {"explore-sampled.txt", {"explore", "foo-vs-after", "--strategy", "random", "-n", "1000"}},
    {"shrink-lock-order.txt", {"shrink", "lock-order", "5g2"}},
    {"diff-lock-order.txt", {"diff", "lock-order", "5g2"}},
    {"replay-goroutine-leak.txt", {"replay", "goroutine-leak", "0"}},
    {"replay-channel-sync.txt", {"replay", "channel-sync", "0"}},
    {"replay-wait-group.txt", {"replay", "wait-group", "0"}},
    {"replay-narrow.txt", {"replay", "transfer", "5g2", "--width", "60"}},
    {"replay-ascii.txt", {"replay", "timeout", "0"}, {{"LANG", "C"}}},
    {"replay-many.txt", {"replay", "many-goroutines:9", "0"}},
    {"check.txt", {"check", "foo-vs-after", "-n", "50"}},
    {"failed-check.txt",
     {"a lock order\\, inverted,deposits"},
     {{"BRAID_REGRESSIONS", ""}},
     BRAID_PLANTED_TESTS},
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string masked(const std::string& text) {
  const std::string planted = BRAID_PLANTED_TESTS;
  const std::string in_build = replaced(text, planted.substr(0, planted.rfind('/')), "BUILD");
  return with_matches_replaced(replaced(in_build, BRAID_SOURCE_DIR, "SOURCE"),
                               R"((runs?   )\d+(\.\d+)? m?s\n)", "$1TIME\n");
}

std::string path_of(const golden& g) { return BRAID_SOURCE_DIR "/tests/golden/" + g.file; }

TEST_CASE("what is printed is what was looked at", "[cli][golden]") {
  const bool renew = std::getenv("BRAID_RENEW_GOLDEN") != nullptr;
  for (const golden& g : all) {
    INFO(g.file << ": to renew it, BRAID_RENEW_GOLDEN=1 build/braid-tests '[golden]'");
    const std::string printed = masked(says(g.binary, g.arguments, g.environment).out);
    if (renew) std::ofstream(path_of(g)) << printed;
    CHECK(!printed.empty());
    CHECK(printed == content_of(path_of(g)));
  }
}

TEST_CASE("a session of step is what was looked at", "[cli][golden]") {
  const golden session{"step.txt", {}};
  const std::string printed = masked(braid_hears("?\n2\n\nu\nt\nc\n", {"step", "timeout"}).out);
  if (std::getenv("BRAID_RENEW_GOLDEN") != nullptr) std::ofstream(path_of(session)) << printed;
  CHECK(printed == content_of(path_of(session)));
}

}  // namespace
