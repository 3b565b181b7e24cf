// Atomics, atomic_value, object_pool and concurrent_map under every schedule.
//
// Oracle: rules A1, A2, A4-A6, W17, W18 and hand-made lists of outcomes.
#include <array>
#include <braid/braid.hpp>
#include <optional>
#include <string>

#include "support/exploring.hpp"
#include "support/together.hpp"

namespace {

using braid::testing::all_outcomes;
using braid::testing::explore_all;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using braid::testing::together;

TEST_CASE("each atomic update is one step", "[checker][A1][A2]") {
  CHECK(only_output([] {
          braid::atomic<int> n = 12;
          together(2, [&](int i) {
            if (i == 0) n.fetch_xor(5);
            if (i == 1) n.fetch_xor(3);
          });
          braid::print(n.load(), " ");
          together(2, [&](int i) { n |= i == 0 ? 16 : 32; });
          braid::print(n.load(), " ");
          together(2, [&](int i) { n &= i == 0 ? ~16 : ~8; });
          braid::print(n.load());
        }) == "10 58 34");
}

TEST_CASE("an exchange gives each value to one goroutine", "[checker][A2]") {
  CHECK(all_outcomes([] {
          braid::atomic<int> n = 0;
          std::array<int, 2> got{};
          together(2, [&](int i) { got[static_cast<std::size_t>(i)] = n.exchange(i + 1); });
          braid::print(got[0], got[1], n.load());
        }) == outcomes{"012", "201"});
}

TEST_CASE("under the checker, who sees an atomic store sees what was written before it",
          "[checker][A4]") {
  CHECK(all_outcomes([] {
          braid::atomic<bool> ready = false;
          braid::var<int> data = 0;
          braid::wait_group writer;
          writer.go([&] {
            data = 7;
            ready = true;
          });
          const bool is_ready = ready;
          braid::print(is_ready, data.read());
          writer.wait();
        }) == outcomes{{"false0", "race"}, {"false7", "race"}, "true7"});
}

TEST_CASE("a wait for another value ends when it is there", "[checker][A2]") {
  CHECK(only_output([] {
          braid::atomic<int> n = 0;
          braid::wait_group writer;
          writer.go([&] {
            n = 0;
            n = 1;
            n.notify_all();
          });
          n.wait(0);
          braid::print(n.load());
          writer.wait();
        }) == "1");
  CHECK(all_outcomes([] {
          braid::atomic<int> n = 0;
          n.wait(0);
        }) == outcomes{{"", "deadlock"}});
}

TEST_CASE("an exchange that fails tells what it found", "[checker][A6]") {
  CHECK(all_outcomes([] {
          braid::atomic<int> n = 0;
          std::array<int, 2> found{};
          together(2, [&](int i) {
            int expected = 0;
            n.compare_exchange_weak(expected, i + 1, std::memory_order_seq_cst,
                                    std::memory_order_seq_cst);
            found[static_cast<std::size_t>(i)] = expected;
          });
          braid::print(found[0], found[1]);
        }) == outcomes{"01", "20"});
}

TEST_CASE("an atomic value is stored, loaded and exchanged in one step", "[checker][A5]") {
  CHECK(all_outcomes([] {
          braid::atomic_value<std::string> value("-");
          std::array<std::string, 2> got;
          together(2, [&](int i) {
            got[static_cast<std::size_t>(i)] = value.exchange(i == 0 ? "a" : "b");
          });
          braid::print(got[0], got[1], value.load());
        }) == outcomes{"-ab", "b-a"});
  CHECK(all_outcomes([] {
          braid::atomic_value<std::string> value("a");
          together(2, [&](int i) {
            std::string expected = "a";
            const bool swapped = value.compare_exchange(expected, "b");
            if (!swapped) braid::print(i, expected);
          });
        }) == outcomes{"0b", "1b"});
}

TEST_CASE("an atomic value that is waited for by polling is found", "[checker][A5]") {
  CHECK(only_output([] {
          braid::atomic_value<std::string> value("no");
          braid::wait_group writer;
          writer.go([&] { value.store("yes"); });
          while (value.load() == "no") {
          }
          braid::print(value.load());
          writer.wait();
        }) == "yes");
}

TEST_CASE("a pool gives any object that was put, or a new one", "[checker][W17]") {
  const auto r = explore_all([] {
    braid::object_pool<int> objects([] { return 0; });
    braid::print(objects.get());
    objects.put(1);
    objects.put(2);
    const int first = objects.get();
    braid::print(first, objects.get());
  });
  CHECK(r.complete);
  CHECK(outcomes_of(r) == outcomes{"000", "001", "002", "010", "012", "020", "021"});
}

TEST_CASE("no object of a pool is given to two", "[checker][W17]") {
  CHECK(all_outcomes([] {
          braid::object_pool<int> objects([] { return 0; });
          objects.put(1);
          std::array<int, 2> got{};
          together(2, [&](int i) { got[static_cast<std::size_t>(i)] = objects.get(); });
          braid::print(got[0], got[1]);
        }) == outcomes{"00", "01", "10"});
}

TEST_CASE("one of two rivals stores into a map, and both see its value", "[checker][W18]") {
  CHECK(all_outcomes([] {
          braid::concurrent_map<int, int> map;
          std::array<int, 2> seen{};
          std::array<bool, 2> loaded{};
          together(2, [&](int i) {
            const auto got = map.load_or_store(1, i + 7);
            seen[static_cast<std::size_t>(i)] = got.value;
            loaded[static_cast<std::size_t>(i)] = got.loaded;
          });
          braid::print(seen[0], seen[1], loaded[0], loaded[1]);
        }) == outcomes{"77falsetrue", "88truefalse"});
}

TEST_CASE("a value is removed by one of two rivals", "[checker][W18]") {
  CHECK(all_outcomes([] {
          braid::concurrent_map<int, int> map;
          map.store(1, 7);
          std::array<bool, 3> done{};
          together(2, [&](int i) {
            done[static_cast<std::size_t>(i)] =
                i == 0 ? map.load_and_delete(1).has_value() : map.compare_and_delete(1, 7);
          });
          braid::print(done[0], done[1], map.load(1).has_value());
        }) == outcomes{"falsetruefalse", "truefalsefalse"});
}

TEST_CASE("an increment by compare_and_swap is never lost, by load and store it may be",
          "[checker][W18]") {
  const bool compares = GENERATE(false, true);
  const outcomes found = all_outcomes([=] {
    braid::concurrent_map<int, int> map;
    map.store(1, 0);
    together(2, [&](int) {
      int old = *map.load(1);
      if (!compares) {
        map.store(1, old + 1);
      } else if (!map.compare_and_swap(1, old, old + 1)) {
        old = *map.load(1);
        map.compare_and_swap(1, old, old + 1);
      }
    });
    braid::print(*map.load(1));
  });
  CHECK(found == (compares ? outcomes{"2"} : outcomes{"1", "2"}));
}

TEST_CASE("who sees a stored value sees what was written before it", "[checker][W18]") {
  CHECK(all_outcomes([] {
          braid::concurrent_map<int, int> map;
          braid::var<int> data = 0;
          braid::wait_group writer;
          writer.go([&] {
            data = 7;
            map.store(1, 1);
          });
          if (map.load(1)) braid::print(data.read());
          writer.wait();
        }) == outcomes{"", "7"});
}

// Not a snapshot: the second key may be stored after the first was visited, or the first removed.
TEST_CASE("a range sees each key at its own moment", "[checker][W18]") {
  CHECK(all_outcomes([] {
          braid::concurrent_map<int, std::string> map;
          map.store(1, "a");
          braid::wait_group writer;
          writer.go([&] {
            map.erase(1);
            map.store(2, "b");
          });
          std::string seen;
          map.range([&](int, const std::string& value) { seen += value; });
          braid::print(seen);
          writer.wait();
        }) == outcomes{"", "a", "ab", "b"});
}

}  // namespace
