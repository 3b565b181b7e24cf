// Which rows of a history directly happen before which, under the default schedule.
//
// Oracle: Go's memory model, written out for each program.
#include <braid/braid.hpp>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>
#include <set>
#include <string>

namespace {

using namespace std::chrono_literals;

std::string name_of(const braid::history& told, int row) {
  const braid::happening& r = told.rows.at(static_cast<std::size_t>(row));
  const std::string lane =
      r.goroutine < 0 ? "timers" : told.goroutines.at(static_cast<std::size_t>(r.goroutine)).name;
  return lane + " " + r.text.substr(0, r.text.find("  "));
}

// `g1 mutex1.unlock < main mutex1.lock`, of all rows but the first ones, which come after their go.
std::set<std::string> edges_of(void (*body)(), const std::string& token = "0") {
  const braid::replay_result r = braid::replay({"causes", body}, token);
  std::set<std::string> edges;
  for (std::size_t row = 0; row < r.told.rows.size(); ++row) {
    for (const int from : r.told.rows[row].after) {
      REQUIRE(from < static_cast<int>(row));
      if (r.told.rows[static_cast<std::size_t>(from)].kind == "go") continue;
      edges.insert(name_of(r.told, from) + " < " + name_of(r.told, static_cast<int>(row)));
    }
  }
  return edges;
}

using edges = std::set<std::string>;

TEST_CASE("a go happens before the first row of its goroutine", "[checker]") {
  const braid::replay_result r = braid::replay({"causes",
                                                [] {
                                                  braid::go([] { braid::print("a"); });
                                                  braid::this_goroutine::yield();
                                                }},
                                               "0");
  const auto& rows = r.told.rows;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const bool is_child = rows[row].goroutine == 1 && rows[row].kind == "print";
    CHECK(rows[row].after == (is_child ? std::vector<int>{0} : std::vector<int>{}));
  }
}

TEST_CASE("a send happens before what its receive lets come, and a receive after its send",
          "[checker]") {
  CHECK(edges_of([] {
          auto c = braid::make_chan<int>();
          braid::go([c]() mutable {
            c.send(1);
            braid::print("x");
          });
          c.recv();
          braid::print("y");
        }) == edges{"g1 chan1.send 1 < main print \"y\""});
  CHECK(edges_of([] {
          auto c = braid::make_chan<int>(1);
          braid::wait_group w;
          w.add(1);
          braid::go([&, c]() mutable {
            c.send(7);
            w.done();
          });
          w.wait();
          c.recv();
        }) == edges{"g1 wg1.done < main wg1.wait"});
}

TEST_CASE("the receive that made room happens before the send that took it", "[checker]") {
  const edges found = edges_of([] {
    auto c = braid::make_chan<int>(1);
    braid::go([c]() mutable {
      c.recv();
      braid::this_goroutine::yield();
      c.recv();
    });
    c.send(1);
    c.send(2);
    braid::print("z");
  });
  CHECK(found.count("main chan1.send 1 < g1 chan1.recv") == 1);
  CHECK(found.count("g1 chan1.recv < main print \"z\"") == 1);
}

TEST_CASE("a close happens before a receive that it ends", "[checker]") {
  CHECK(edges_of([] {
          auto c = braid::make_chan<int>();
          braid::go([c]() mutable { c.close(); });
          c.recv();
          braid::print("y");
        }) == edges{"g1 chan1.close < main print \"y\""});
}

TEST_CASE("an unlock happens before the next lock, and a done before the wait", "[checker]") {
  CHECK(edges_of([] {
          braid::mutex m;
          braid::wait_group w;
          w.add(2);
          for (int i = 0; i < 2; ++i) {
            braid::go([&] {
              m.lock();
              m.unlock();
              w.done();
            });
          }
          w.wait();
        }) == edges{"g1 mutex1.unlock < g2 mutex1.lock", "g1 wg1.done < main wg1.wait",
                    "g2 wg1.done < main wg1.wait"});
}

TEST_CASE("a store happens before the load that sees it, unless it is relaxed", "[checker]") {
  CHECK(edges_of([] {
          braid::atomic<int> a(0);
          braid::atomic<int> b(0);
          braid::go([&] {
            // Partner: b.load(), which learns nothing from it.
            b.store(1, std::memory_order_relaxed);
            a.store(1);
          });
          a.await([](int v) { return v == 1; });
          b.load();
        }) == edges{"g1 atomic1.store 1 < main atomic1.await"});
}

TEST_CASE("a timer fires after it was armed, and before whom it wakes", "[checker]") {
  CHECK(edges_of([] {
          braid::sleep_for(1s);
          braid::print("x");
        }) == edges{"main sleep 1s < timers 1s", "timers 1s < main print \"x\""});
}

}  // namespace
