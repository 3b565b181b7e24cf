// What a verdict means: `braid help VERDICT`, and docs/verdicts.md, which says the same.
//
// To renew the page after a change that is meant: BRAID_RENEW_GOLDEN=1 build/braid-tests
// '[golden]'.
#include <braid/verdict.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "cli/command.hpp"
#include "explain/advice.hpp"

namespace {

using namespace braid::testing;
using braid::advice;
using braid::verdict;

constexpr const char* page = BRAID_SOURCE_DIR "/docs/verdicts.md";

TEST_CASE("every verdict has its paragraph", "[cli]") {
  for (int v = 0; v < braid::verdict_count; ++v) {
    const advice* const told = braid::advice_on(static_cast<verdict>(v));
    REQUIRE(told != nullptr);
    CHECK(!told->meaning.empty());
    CHECK(!told->cause.empty());
    CHECK(!told->fix.empty());
  }
}

TEST_CASE("the page of verdicts is what help prints", "[cli][golden]") {
  if (std::getenv("BRAID_RENEW_GOLDEN") != nullptr)
    std::ofstream(page) << braid::advice_as_markdown();
  std::ifstream in(page);
  std::ostringstream content;
  content << in.rdbuf();
  CHECK(content.str() == braid::advice_as_markdown());
}

TEST_CASE("help prints the meaning, the usual cause and the usual fix of a verdict", "[cli]") {
  for (const advice& a : braid::all_advice()) {
    const std::string name(braid::name_of(a.what));
    const child_result said = braid_says({"help", name});
    INFO(name);
    CHECK(said.code == 0);
    CHECK(lines_of(said.out).at(0).starts_with(name));
    CHECK(contains(said.out, "Usual cause"));
    CHECK(contains(said.out, "Usual fix"));
  }
}

TEST_CASE("a report ends with the help on its verdicts", "[cli]") {
  CHECK(contains(braid_says({"explore", "lock-order"}).out, "help     braid help deadlock\n"));
  CHECK(contains(braid_says({"replay", "goroutine-leak", "0"}).out, "help     braid help leak\n"));
  CHECK(!contains(braid_says({"explore", "foo-vs-after"}).out, "braid help"));
}

}  // namespace
