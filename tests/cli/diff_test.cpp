// braid diff: where two runs part.
#include <catch2/catch.hpp>
#include <string>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;

TEST_CASE("diff shows the two runs side by side from where they part", "[cli][shrink]") {
  const child_result said = braid_says({"diff", "lock-order", "5g2"});
  CHECK(said.code == 0);
  CHECK(contains(said.out, "steps 1 to 4 are the same"));
  CHECK(contains(said.out, "bad  5g2~"));
  CHECK(contains(said.out, "good  "));
  CHECK(contains(said.out, "deadlock"));
  CHECK(said.err.empty());
  CHECK(said.out.find("replay   ") != said.out.rfind("replay   "));
}

TEST_CASE("diff keeps to the width, and to ASCII where there is nothing else", "[cli][shrink]") {
  for (const std::string width : {"60", "100"}) {
    const child_result said =
        braid_says({"diff", "lock-order", "5g2", "--width", width}, {{"LANG", "C"}});
    for (const std::string& line : lines_of(said.out)) {
      INFO(line);
      const bool is_command = contains(line, "replay");
      CHECK((is_command || line.size() <= std::stoul(width)));
      for (const char c : line) CHECK(static_cast<unsigned char>(c) < 128);
    }
  }
}

TEST_CASE("diff compares two runs that are named, and says if they are the same", "[cli][shrink]") {
  const child_result two = braid_says({"diff", "foo-vs-after", "0", "3g1", "--json"});
  CHECK(two.code == 0);
  const auto j = only_json(two);
  CHECK(j["first_difference"] == 3);
  CHECK(j["bad"]["outcomes"][0]["output"] != j["good"]["outcomes"][0]["output"]);
  CHECK(contains(braid_says({"diff", "lock-order", "5g2", "5g2"}).out, "are the same"));
}

TEST_CASE("diff says in one line what it cannot compare", "[cli][shrink]") {
  const auto ends = [](const words& arguments, int code) {
    const child_result said = braid_says(arguments);
    INFO(said.out << said.err);
    CHECK(said.code == code);
    CHECK(lines_of(said.out + said.err).size() == 1);
  };
  ends({"diff"}, 129);
  ends({"diff", "lock-order", "5g2", "0", "0"}, 129);
  ends({"diff", "lock-order", "nonsense"}, 129);
  ends({"diff", "lock-order", "5g2", "1g9"}, 125);
  ends({"diff", "no-such-program", "0"}, 125);
  ends({"diff", "foo-vs-after", "0"}, 0);
}

}  // namespace
