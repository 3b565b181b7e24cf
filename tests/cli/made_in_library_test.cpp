// Objects whose place is in the standard library's headers, where it says nothing.
//
// Oracle: the order in which the program makes them.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

void add_shared() {
  add_program("shared-locks", [](int) {
    const auto a = std::make_shared<braid::mutex>();
    const auto b = std::make_shared<braid::mutex>();
    braid::wait_group both;
    both.go([=] {
      const std::scoped_lock first(*a);
      const std::scoped_lock second(*b);
    });
    both.go([=] {
      const std::scoped_lock first(*b);
      const std::scoped_lock second(*a);
    });
    both.wait();
  });
  add_program("shared-vars", [](int) {
    const auto v = std::make_shared<braid::var<int>>();
    braid::go([=] { v->write(1); });
    v->write(2);
  });
}

TEST_CASE("an object that std::make_shared makes has no place, but a stable name", "[cli]") {
  const child_result race = own_braid_says({"explore", "shared-vars"}, add_shared);
  CHECK(contains(race.out, "data race on var1\n"));
  const json result = only_json(own_braid_says({"explore", "shared-locks", "--json"}, add_shared));
  std::set<std::string> made_as;
  for (const json& g : result["findings"][0]["goroutines"]) {
    if (g["name"] == "main") continue;
    CHECK(g["made_at"].is_null());
    made_as.insert(g.value("made_as", ""));
  }
  CHECK(made_as.count("main/mutex1") == 1);
  CHECK(made_as.count("main/mutex2") == 1);
}

}  // namespace
