// istio 8144: a test counts what a goroutine of the cache calls back.
//
// The test makes a cache whose evicter calls back for each entry that it finds, and the callback
// counts in a plain variable. Then it stores an entry and looks at the count. Where the evicter
// goes through the map after the store, its increment and the look are a data race; where it does
// so before, there is no entry and no increment.
//
// Fixed by counting with an atomic.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace {

class cache {
 public:
  void store(int key) { entries_.store(key, key); }
  void evict(const std::function<void()>& evicted) {
    entries_.range([&](int, int) { evicted(); });
  }

 private:
  braid::concurrent_map<int, int> entries_;
};

std::shared_ptr<cache> new_cache(std::function<void()> evicted) {
  auto made = std::make_shared<cache>();
  braid::go({.name = "evicter"}, [made, evicted = std::move(evicted)] { made->evict(evicted); });
  return made;
}

template <class F>
void run_test(F body) {
  braid::wait_group tested;
  tested.add(1);
  braid::go({.name = "test"}, [&] {
    body();
    tested.done();
  });
  tested.wait();
}

}  // namespace

BRAID_SCENARIO("goker/istio_8144", "a callback counts in a plain variable",
               {.expected = {"0\n", {"0\n", "race"}, {"1\n", "race"}}, .exhaustible = false}) {
  run_test([] {
    const auto count = std::make_shared<braid::var<int>>(0, braid::where());
    const auto c = new_cache([count] { count->write(count->read() + 1); });
    c->store(1);
    braid::println(count->read());
  });
}
BRAID_SCENARIO("goker/istio_8144-fixed", "a callback counts atomically",
               {.expected = {"0\n", "1\n"}, .exhaustible = false}) {
  run_test([] {
    const auto count = std::make_shared<braid::atomic<int>>(0);
    const auto c = new_cache([count] { count->fetch_add(1); });
    c->store(1);
    braid::println(count->load());
  });
}
