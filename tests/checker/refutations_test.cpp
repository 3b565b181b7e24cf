// How a history that is not linearizable is reported: on the screen, and as JSON.
#include <braid/testing/models.hpp>
#include <braid/testing/observe.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/json.hpp"
#include "report/page.hpp"
#include "report/story.hpp"

namespace {

braid::report explored(bool supervise = false) {
  return braid::explore({"stale",
                         [] {
                           using model = braid::register_model<int>;
                           braid::call_history<model> calls;
                           braid::wait_group all;
                           all.go([&] { calls.observe(model::write(1), [] { return 1; }); });
                           all.go([&] { calls.observe(model::read(), [] { return 0; }); });
                           all.wait();
                           calls.check();
                         }},
                        {.strategy = "dpor", .supervise = supervise});
}

TEST_CASE("a finding that is not linearizable is printed with its calls", "[checker][observe]") {
  const braid::report r = explored();
  REQUIRE(r.findings.size() == 1);
  braid::page to(braid::style{});
  braid::write_finding(to, r.findings.front());
  const std::string expected =
      "  x not-linearizable   g2: read -> 0 cannot be placed\n"
      "      g1  |-write 1-|\n"
      "      g2             |-read -> 0-|  <- ?\n"
      "    longest linearizable prefix: write 1 (g1)\n"
      "    then the state is 1, where g2 would get 1\n";
  CHECK(to.take() == expected);
}

TEST_CASE("another process tells its calls, too", "[checker][observe]") {
  const braid::report r = explored(true);
  REQUIRE(r.findings.size() == 1);
  CHECK(r.findings.front().explanation == explored().findings.front().explanation);
}

TEST_CASE("its explanation survives JSON", "[checker][observe]") {
  const braid::report r = explored();
  const braid::report again = braid::report_from_json(braid::to_json(r));
  REQUIRE(again.findings.size() == 1);
  CHECK(again.findings.front().what == braid::verdict::not_linearizable);
  CHECK(again.findings.front().explanation == r.findings.front().explanation);
  CHECK(again.exit_code() == 15);
}

}  // namespace
