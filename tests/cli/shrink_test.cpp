// braid shrink, and the shrinking that explore does by itself.
#include <catch2/catch.hpp>
#include <string>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;

const std::string many_preemptions = "sct/reorder_5";

// A failing token with preemptions to spare.
std::string long_token() {
  const auto found = only_json(braid_says({"explore", many_preemptions, "--strategy", "surw",
                                           "--no-race", "--no-shrink", "--fail-fast", "--json"}));
  return found["findings"][0]["token"];
}

TEST_CASE("shrink tells before and after, the lanes and how to replay", "[cli][shrink]") {
  const child_result said = braid_says({"shrink", many_preemptions, long_token(), "--no-race"});
  CHECK(said.code == 10);
  CHECK(contains(said.out, "before   "));
  CHECK(contains(said.out, "after    "));
  CHECK(contains(said.out, "1 preemption"));
  CHECK(contains(said.out, "replay   braid replay --no-race sct/reorder_5 "));
  CHECK(contains(said.out, "decided  at step "));
  CHECK(said.err.empty());
}

TEST_CASE("shrink --json has the fields of a shrunk finding", "[cli][shrink]") {
  const std::string token = long_token();
  const child_result said = braid_says({"shrink", many_preemptions, token, "--no-race", "--json"});
  CHECK(said.code == 10);
  const auto f = only_json(said)["findings"][0];
  CHECK(f["preemptions"] == 1);
  CHECK(f["minimal"] == "proved");
  CHECK(f["shrunk_from"]["token"] == token);
  CHECK(f["shrunk_from"]["preemptions"] > 1);
  CHECK(f["shrunk_from"]["deviations"] > 1);
  CHECK(f["shrunk_from"]["steps"] > 0);
  CHECK(f["deciding_step"] > 0);
  CHECK(f["good"]["first_difference"] > 0);
  const std::string good = f["good"]["token"];
  CHECK(braid_says({"replay", many_preemptions, good, "--no-race"}).code == 0);
  const std::string shrunk = f["token"];
  const child_result again = braid_says({"replay", many_preemptions, shrunk, "--no-race"});
  CHECK(again.code == 10);
  CHECK(again.err.empty());
}

TEST_CASE("shrink -q prints the token and nothing else", "[cli][shrink]") {
  const child_result said = braid_says({"shrink", "lock-order", "5g2", "-q"});
  CHECK(said.code == 11);
  CHECK(lines_of(said.out).size() == 1);
  CHECK(said.out.starts_with("5g2~"));
}

TEST_CASE("shrink refuses what it cannot use with one line", "[cli][shrink]") {
  const auto ends = [](const words& arguments, int code) {
    const child_result said = braid_says(arguments);
    INFO(said.err);
    CHECK(said.code == code);
    CHECK(said.out.empty());
    CHECK(lines_of(said.err).size() == 1);
  };
  ends({"shrink"}, 129);
  ends({"shrink", "lock-order"}, 129);
  ends({"shrink", "lock-order", "nonsense"}, 129);
  ends({"shrink", "no-such-program", "0"}, 125);
  ends({"shrink", "lock-order", "1g9"}, 125);
  ends({"shrink", "lock-order", "0", "--shrink-steps", "none"}, 129);
}

TEST_CASE("an execution without a finding is not shrunk, and that is no failure", "[cli][shrink]") {
  const child_result said = braid_says({"shrink", "foo-vs-after", "0"});
  CHECK(said.code == 0);
  CHECK(lines_of(said.out).size() == 1);
  CHECK(said.err.empty());
}

TEST_CASE("explore shrinks what it finds, unless it shall not", "[cli][shrink]") {
  const words asked = {"explore",   many_preemptions, "--strategy", "surw",
                       "--no-race", "--fail-fast",    "--json"};
  const auto shrunk = only_json(braid_says(asked));
  const auto f = shrunk["findings"][0];
  CHECK(f["preemptions"] == 1);
  CHECK(f["shrunk_from"]["preemptions"] > 1);
  for (const auto& o : shrunk["outcomes"]) CHECK(o["token"] != f["token"]);
  const auto as_found = only_json(braid_says(asked, {{"BRAID_NO_SHRINK", "1"}}))["findings"][0];
  CHECK(as_found["shrunk_from"].is_null());
  CHECK(as_found["minimal"].is_null());
  CHECK(as_found["token"] == f["shrunk_from"]["token"]);
}

TEST_CASE("explore says from what a finding was shrunk", "[cli][shrink]") {
  const child_result said =
      braid_says({"explore", many_preemptions, "--strategy", "surw", "--no-race", "--fail-fast"});
  CHECK(contains(said.out, "shrunk from "));
  CHECK(contains(said.out, "good     "));
  for (const std::string& line : lines_of(said.out)) CHECK(code_points(line) <= 100);
}

}  // namespace
