// The deadlock of `transfer`, as a person and as a program see it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

TEST_CASE("the cycle of transfer is printed with the names of its locks", "[cli]") {
  const child_result said = braid_says({"explore", "transfer"});
  CHECK(said.code == 11);
  CHECK(contains(said.out, "✗ g1 ──▸ b ──▸ g2 ──▸ a ──▸ g1\n"));
  CHECK(contains(said.out, "g1 transfer(a→b)   b.lock"));
  CHECK(contains(said.out, "holds a since step 4, transfer.cpp:"));
  CHECK(contains(said.out, "2 to go: g1 transfer(a→b), g2 transfer(b→a)"));
}

TEST_CASE("the finding of transfer has what each goroutine waits for and holds", "[cli]") {
  const json said = only_json(braid_says({"explore", "transfer", "--json"}));
  REQUIRE(said.at("findings").size() == 1);
  const json& f = said.at("findings").at(0);
  CHECK(f.at("verdict") == "deadlock");
  REQUIRE(f.at("goroutines").size() == 3);
  const json& main = f.at("goroutines").at(0);
  const json& g1 = f.at("goroutines").at(1);
  const json& g2 = f.at("goroutines").at(2);
  CHECK(main.at("waits_for") == "wg");
  CHECK(g1.at("waits_for") == "mutex b");
  CHECK(g1.at("holds") == json::array({"mutex a"}));
  CHECK(g2.at("waits_for") == "mutex a");
  CHECK(g2.at("holds") == json::array({"mutex b"}));
  CHECK(g1.at("held_by").at(0).at("name") == "g2");
  CHECK(g1.at("label") == "transfer(a→b)");
}

TEST_CASE("the cycle is found among five accounts too", "[cli]") {
  const child_result said = braid_says({"explore", "transfer:5", "-n", "300", "--json"});
  CHECK(said.code == 11);
  const json result = only_json(said);
  bool has_cycle = false;
  for (const json& f : result.at("findings")) has_cycle = has_cycle || f.contains("cycle");
  CHECK(has_cycle);
}

}  // namespace
