// The cache against a model of its own: keys and values, the most recent first.
#include "lru_cache.hpp"

#include <braid/testing/parallel_check.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace {

constexpr std::size_t capacity = 2;

struct cache_model {
  using state = std::vector<std::pair<int, int>>;
  struct op {
    bool puts = false;
    int key = 0;
    int value = 0;
  };
  using result = std::optional<int>;

  result apply(state& entries, const op& o) const {
    result found;
    for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
      if (entry->first != o.key) continue;
      found = entry->second;
      entries.erase(entry);
      break;
    }
    if (o.puts || found) entries.emplace(entries.begin(), o.key, o.puts ? o.value : *found);
    if (entries.size() > capacity) entries.pop_back();
    return o.puts ? std::nullopt : found;
  }
  std::string describe(const op& o) const {
    const std::string key = std::to_string(o.key);
    return o.puts ? "put " + key + "=" + std::to_string(o.value) : "get " + key;
  }
  std::string describe_result(const op& o, const result& r) const {
    if (o.puts) return "";
    return r ? std::to_string(*r) : "nothing";
  }
};

template <variant Variant>
braid::parallel_result check_cache(int cases) {
  const auto command = rc::gen::apply(
      [](int kind, int key, int value) {
        return cache_model::op{kind == 0, key, kind == 0 ? value : 0};
      },
      rc::gen::inRange(0, 2), rc::gen::inRange(1, 4), rc::gen::inRange(1, 3));
  return braid::parallel_check(
      cache_model{}, command, [] { return lru_cache<Variant>(capacity); },
      [](lru_cache<Variant>& cache, const cache_model::op& o) -> cache_model::result {
        if (!o.puts) return cache.get(o.key);
        cache.put(o.key, o.value);
        return std::nullopt;
      },
      {.cases = cases, .seed = 1});
}

TEST_CASE("a cache that lets go of its lock within get is found out", "[lru_cache]") {
  const braid::parallel_result r = check_cache<variant::buggy>(500);
  REQUIRE_FALSE(r);
  CHECK(r.found.what == braid::verdict::not_linearizable);
  CHECK(r.commands <= 5);
  CHECK(r.found.preemptions == 1);
}

TEST_CASE("a cache that keeps its lock within get is one", "[lru_cache]") {
  const braid::parallel_result r = check_cache<variant::fixed>(30);
  CHECK(r);
}

}  // namespace
