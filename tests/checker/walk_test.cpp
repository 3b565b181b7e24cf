// Choosing a schedule decision by decision, and taking it back.
//
// Oracle: the tokens of a search.
#include <braid/braid.hpp>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>

#include "explain/walk.hpp"

namespace {

using braid::happening;
using braid::possibility;
using braid::walk;

const braid::program three_prints = {"test", [] {
                                       braid::wait_group all;
                                       for (int i = 0; i < 2; ++i) {
                                         all.add(1);
                                         braid::go([&all, i] {
                                           braid::println(i);
                                           all.done();
                                         });
                                       }
                                       braid::println("main");
                                       all.wait();
                                     }};

std::string token_of(const walk& w) { return w.ran().outcome.outcomes.at(0).token; }

bool has_step(const walk& w, std::uint32_t step) {
  for (const happening& row : w.so_far().rows) {
    if (row.step >= step) return true;
  }
  return false;
}

// Takes what the deviation says when its time comes, the default until then.
void take(walk& w, const std::string& deviation) {
  for (;;) {
    REQUIRE(w.next() != nullptr);
    CHECK(!has_step(w, w.next_event()->step));
    const std::vector<possibility>& all = w.next()->all;
    std::size_t chosen = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].deviation == deviation) chosen = i;
    }
    REQUIRE(w.take(chosen));
    if (chosen != 0) return;
  }
}

std::vector<std::string> deviations_of(std::string token) {
  token = token.substr(0, token.find('~'));
  std::vector<std::string> all;
  for (std::size_t dot = 0; token != "0" && dot != std::string::npos;) {
    dot = token.find('.');
    all.push_back(token.substr(0, dot));
    if (dot != std::string::npos) token.erase(0, dot + 1);
  }
  return all;
}

TEST_CASE("every schedule of a search can be walked, and taken back", "[checker]") {
  const braid::report found = braid::explore(three_prints, {.strategy = "dfs"});
  REQUIRE(found.outcomes.size() > 2);
  for (const braid::reported_outcome& o : found.outcomes) {
    walk w(three_prints, {}, "0");
    const std::string begun = token_of(w);
    for (const std::string& d : deviations_of(o.token)) take(w, d);
    CHECK(token_of(w) == o.token);
    if (w.next() != nullptr) w.take_defaults(1000);
    CHECK(w.next() == nullptr);
    CHECK(w.ran().outcome.outcomes.at(0).output == o.output);
    CHECK(w.so_far().rows.size() == w.ran().told.rows.size());
    while (w.undo()) continue;
    CHECK(token_of(w) == begun);
    CHECK(w.so_far().rows.size() < w.ran().told.rows.size());
  }
}

TEST_CASE("a walk begins where the deviations of its token end", "[checker]") {
  const walk first(three_prints, {}, "0");
  const std::uint32_t step = first.next_event()->step;
  const std::string deviation = first.next()->all.at(1).deviation;
  walk w(three_prints, {}, deviation);
  CHECK(w.next_event()->step > step);
  CHECK(!w.undo());
}

TEST_CASE("a walk does not tell what is received later", "[checker]") {
  const braid::program p{"test", [] {
                           auto c = braid::make_chan<int>();
                           auto d = braid::make_chan<int>(1);
                           braid::go([c]() mutable { c.send(7); });
                           braid::go([d]() mutable { d.send(8); });
                           c.recv();
                         }};
  walk w(p, {}, "0");
  while (w.next() != nullptr && w.next_event()->kind != "send") REQUIRE(w.take(0));
  REQUIRE(w.next() != nullptr);
  for (const happening& row : w.so_far().rows) CHECK(row.value == "");
}

}  // namespace
