// Atomics, atomic_value, object_pool and concurrent_map (rules A1, A2, A4-A6, W17, W18) on the
// pool.
//
// Oracle: Go's rules; Go's atomic_test.go, value_test.go, pool_test.go and map_test.go.
#include <algorithm>
#include <array>
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "support/build.hpp"
#include "support/together.hpp"

namespace {

using braid::testing::scaled;
using braid::testing::together;

TEMPLATE_TEST_CASE("each atomic operation gives what std::atomic's does", "[runtime][A2]",
                   std::int32_t, std::uint32_t, std::int64_t, std::uint64_t, std::uint8_t) {
  std::vector<bool> right;
  braid::run([&] {
    using value = TestType;
    braid::atomic<value> a = value{12};
    std::atomic<value> b = value{12};
    const auto same = [&](value x, value y) { right.push_back(x == y && a.load() == b.load()); };
    same(a.exchange(10), b.exchange(10));
    same(a.fetch_add(5), b.fetch_add(5));
    same(a.fetch_sub(3), b.fetch_sub(3));
    same(a.fetch_and(13), b.fetch_and(13));
    same(a.fetch_or(3), b.fetch_or(3));
    same(a.fetch_xor(6), b.fetch_xor(6));
    same(a += 4, b += 4);
    same(a -= 1, b -= 1);
    same(a &= 12, b &= 12);
    same(a |= 1, b |= 1);
    same(a ^= 5, b ^= 5);
    same(++a, ++b);
    same(a++, b++);
    same(--a, --b);
    same(a--, b--);
    same(a = 7, b = 7);
    value found_a = 1;
    value found_b = 1;
    right.push_back(!a.compare_exchange_strong(found_a, 9) &&
                    !b.compare_exchange_strong(found_b, 9));
    same(found_a, found_b);
    // No partner: one goroutine.
    right.push_back(
        a.compare_exchange_weak(found_a, 9, std::memory_order_acq_rel, std::memory_order_acquire));
    right.push_back(a.load() == 9 && found_a == 7);
    a.store(3);
    right.push_back(a == value{3});
  });
  CHECK(right == std::vector<bool>(21, true));
}

// Go's TestHammer: nothing is lost.
TEST_CASE("atomic updates of many goroutines all count", "[runtime][A1][A2]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int each = scaled(5000);
  std::array<int, 3> counts{};
  braid::run(
      [&] {
        braid::atomic<int> added = 0;
        braid::atomic<int> compared = 0;
        braid::atomic<int> toggled = 0;
        together(4, [&](int) {
          for (int i = 0; i < each; ++i) {
            added.fetch_add(1);
            for (int old = compared; !compared.compare_exchange_weak(old, old + 1);) {
            }
            toggled.fetch_xor(1);
          }
        });
        counts = {added, compared, toggled};
      },
      {.workers = workers});
  CHECK(counts == std::array{4 * each, 4 * each, 0});
}

// Go's TestStoreLoadSeqCst (Dekker): not both can miss the other's store.
TEST_CASE("two stores that are each followed by a load of the other are not both missed",
          "[runtime][A1]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int rounds = scaled(2000);
  int both_missed = 0;
  braid::run(
      [&] {
        for (int i = 0; i < rounds; ++i) {
          braid::atomic<int> x = 0;
          braid::atomic<int> y = 0;
          std::array<int, 2> seen{};
          together(2, [&](int k) {
            (k == 0 ? x : y).store(1);
            seen[static_cast<std::size_t>(k)] = (k == 0 ? y : x).load();
          });
          both_missed += seen[0] == 0 && seen[1] == 0;
        }
      },
      {.workers = workers});
  CHECK(both_missed == 0);
}

// Go's TestStoreLoadRelAcq. Under ThreadSanitizer a missing edge is an error of its own.
TEST_CASE("who sees an atomic store sees what was written before it", "[runtime][A1][A4]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const bool is_awaited = GENERATE(false, true);
  const int rounds = scaled(500);
  int wrong = 0;
  braid::run(
      [&] {
        for (int i = 1; i <= rounds; ++i) {
          braid::atomic<bool> ready = false;
          int data = 0;
          braid::wait_group writer;
          writer.go([&, i] {
            data = i;
            ready.store(true, std::memory_order_release);  // pairs with the acquire below
          });
          if (is_awaited) {
            ready.wait(false);
          } else {
            // Pairs with the release above.
            while (!ready.load(std::memory_order_acquire)) braid::this_goroutine::yield();
          }
          wrong += data != i;
          writer.wait();
        }
      },
      {.workers = workers});
  CHECK(wrong == 0);
}

// A6: a failed exchange is a load. Under ThreadSanitizer a missing edge is an error of its own.
TEST_CASE("who fails to exchange sees what the one who succeeded had written", "[runtime][A6]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int rounds = scaled(500);
  int wrong = 0;
  braid::run(
      [&] {
        for (int i = 0; i < rounds; ++i) {
          braid::atomic<int> claimed = 0;
          std::array<int, 3> data{};
          braid::atomic<int> seen = 0;
          together(2, [&](int k) {
            data[static_cast<std::size_t>(k + 1)] = 7;
            int expected = 0;
            if (!claimed.compare_exchange_strong(expected, k + 1)) {
              seen += data[static_cast<std::size_t>(expected)];
            }
          });
          wrong += seen != 7;
        }
      },
      {.workers = workers});
  CHECK(wrong == 0);
}

TEST_CASE("an atomic value is read and replaced as a whole", "[runtime][A5]") {
  std::vector<std::string> seen;
  std::vector<bool> swapped;
  braid::run([&] {
    braid::atomic_value<std::string> value;
    seen.push_back(value.load());
    value.store("a");
    seen.push_back(value.exchange("b"));
    std::string expected = "x";
    swapped.push_back(value.compare_exchange(expected, "c"));
    seen.push_back(expected);
    swapped.push_back(value.compare_exchange(expected, "c"));
    seen.push_back(value.load());
  });
  CHECK(seen == std::vector<std::string>{"", "a", "b", "c"});
  CHECK(swapped == std::vector<bool>{false, true});
}

// Go's TestValueConcurrent: the parts of a value belong together.
TEST_CASE("no reader of an atomic value sees parts of two", "[runtime][A5]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int rounds = scaled(2000);
  std::atomic<int> torn = 0;
  int swaps = 0;
  braid::run(
      [&] {
        braid::atomic_value<std::vector<int>> value(std::vector<int>(8, 0));
        braid::atomic_value<int> counter(0);
        together(4, [&](int k) {
          for (int i = 0; i < rounds; ++i) {
            if (k % 2 == 0) value.store(std::vector<int>(8, i));
            const std::vector<int> seen = value.load();
            torn +=
                std::adjacent_find(seen.begin(), seen.end(), std::not_equal_to<>()) != seen.end();
            for (int old = 0; !counter.compare_exchange(old, old + 1);) {
            }
          }
        });
        swaps = counter.load();
      },
      {.workers = workers});
  CHECK(torn.load() == 0);
  CHECK(swaps == 4 * rounds);
}

// Go's TestPool and TestPoolNew.
TEST_CASE("a pool gives back what was put, and new objects when it is empty", "[runtime][W17]") {
  std::vector<int> got;
  int made = 100;
  std::string plain;
  braid::run([&] {
    braid::object_pool<int> objects([&] { return made++; });
    got.push_back(objects.get());
    objects.put(1);
    objects.put(2);
    for (int i = 0; i < 3; ++i) got.push_back(objects.get());
    plain = braid::object_pool<std::string>().get();
  });
  std::sort(got.begin(), got.end());
  CHECK(got == std::vector{1, 2, 100, 101});
  CHECK(plain.empty());
}

// Go's TestPoolStress. Under ThreadSanitizer a missing edge is an error of its own.
TEST_CASE("an object from a pool belongs to one goroutine", "[runtime][W17]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int rounds = scaled(2000);
  std::atomic<int> shared = 0;
  braid::run(
      [&] {
        braid::object_pool<std::unique_ptr<int>> objects([] { return std::make_unique<int>(0); });
        together(4, [&](int) {
          for (int i = 0; i < rounds; ++i) {
            std::unique_ptr<int> mine = objects.get();
            shared += (*mine)++ != 0;
            if (i % 8 == 0) braid::this_goroutine::yield();
            --*mine;
            objects.put(std::move(mine));
          }
        });
      },
      {.workers = workers});
  CHECK(shared.load() == 0);
}

// A concurrent map beside a std::map that does the same.
struct mirrored_map {
  braid::concurrent_map<int, int> map;
  std::map<int, int> model;
  int differences = 0;

  std::optional<int> in_model(int key) const {
    const auto found = model.find(key);
    return found == model.end() ? std::nullopt : std::optional<int>(found->second);
  }
  void load(int key) { differences += map.load(key) != in_model(key); }
  void load_or_store(int key, int value) {
    const auto before = in_model(key);
    const auto got = map.load_or_store(key, value);
    differences += got.loaded != before.has_value() || got.value != before.value_or(value);
    model.emplace(key, value);
  }
  void remove(int key, bool is_asked_for) {
    if (is_asked_for) {
      differences += map.load_and_delete(key) != in_model(key);
    } else {
      map.erase(key);
    }
    model.erase(key);
  }
  void store(int key, int value, bool is_swap) {
    if (is_swap) {
      differences += map.swap(key, value) != in_model(key);
    } else {
      map.store(key, value);
    }
    model[key] = value;
  }
  void compare_and_swap(int key, int old, int value) {
    const bool is_old = in_model(key) == old;
    differences += map.compare_and_swap(key, old, value) != is_old;
    if (is_old) model[key] = value;
  }
  void compare_and_delete(int key, int old) {
    const bool is_old = in_model(key) == old;
    differences += map.compare_and_delete(key, old) != is_old;
    if (is_old) model.erase(key);
  }
  void range() {
    std::map<int, int> ranged;
    map.range([&](int k, int v) { ranged[k] = v; });
    differences += ranged != model;
  }
};

// Go's TestMapMatchesRWMutex.
TEST_CASE("a concurrent map does what a map does", "[runtime][W18]") {
  int differences = -1;
  braid::run([&] {
    mirrored_map maps;
    std::uint32_t state = 1;
    const auto below = [&](std::uint32_t n) {
      state = state * 1664525 + 1013904223;
      return static_cast<int>((state >> 16) % n);
    };
    for (int i = 0; i < 5000; ++i) {
      const int key = below(5);
      const int value = below(3);
      const int act = below(60);
      maps.range();
      if (act == 0) {
        maps.map.clear();
        maps.model.clear();
      } else if (act < 10) {
        maps.load(key);
      } else if (act < 20) {
        maps.load_or_store(key, value);
      } else if (act < 30) {
        maps.remove(key, act < 25);
      } else if (act < 40) {
        maps.store(key, value, act < 35);
      } else if (act < 50) {
        maps.compare_and_swap(key, below(3), value);
      } else {
        maps.compare_and_delete(key, below(3));
      }
    }
    differences = maps.differences;
  });
  CHECK(differences == 0);
}

// Go's TestConcurrentRange: every key that stays is visited once, with a value that it had.
TEST_CASE("a range over a map that changes visits every key once", "[runtime][W18]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  constexpr int keys = 64;
  const int rounds = scaled(50);
  int wrong = 0;
  braid::run(
      [&] {
        braid::concurrent_map<int, int> map;
        for (int k = 1; k <= keys; ++k) map.store(k, k);
        braid::atomic<bool> is_done = false;
        braid::wait_group writers;
        for (int w = 0; w < 2; ++w) {
          writers.go([&] {
            for (int i = 1; !is_done; ++i) {
              for (int k = 1; k <= keys; ++k) map.store(k, k * i);
              braid::this_goroutine::yield();
            }
          });
        }
        for (int i = 0; i < rounds; ++i) {
          std::vector<int> visited;
          map.range([&](int k, int v) {
            wrong += v % k != 0;
            visited.push_back(k);
          });
          wrong += visited.size() != keys ||
                   std::adjacent_find(visited.begin(), visited.end(), std::greater_equal<>()) !=
                       visited.end();
        }
        is_done = true;
        writers.wait();
      },
      {.workers = workers});
  CHECK(wrong == 0);
}

// Go's TestMapRangeNestedCall; and a range that stops.
TEST_CASE("a range may be stopped, and its function may use the map", "[runtime][W18]") {
  int visited = 0;
  int left = 0;
  braid::run([&] {
    braid::concurrent_map<int, std::string> map;
    for (int k = 0; k < 4; ++k) map.store(k, "x");
    map.range([&](int k, const std::string&) {
      map.range([&](int inner, const std::string&) {
        map.load_and_delete(inner + 4);
        map.store(inner, "y");
        return inner < k;
      });
      return ++visited < 3;
    });
    map.range([&](int, const std::string& v) { left += v == "y"; });
  });
  CHECK(visited == 3);
  CHECK(left == 3);
}

}  // namespace
