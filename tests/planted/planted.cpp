// Tests with planted bugs, which fail on purpose: what they print is looked at by other tests, and
// what is printed is pasted into a fresh process.
#include <braid/braid.hpp>
#include <braid/run.hpp>
#include <braid/testing/catch.hpp>
#include <braid/testing/models.hpp>
#include <braid/testing/outcomes.hpp>
#include <braid/testing/parallel_check.hpp>
#include <braid/testing/prop.hpp>
#include <memory>

namespace {

TEST_CASE("a lock order, inverted") {
  braid::verify([] {
    braid::mutex a;
    braid::mutex b;
    braid::go([&] {
      b.lock();
      a.lock();
      a.unlock();
      b.unlock();
    });
    a.lock();
    b.lock();
    b.unlock();
    a.unlock();
  });
  SUCCEED("the test goes on");
}

TEST_CASE("deposits") {
  SECTION("by many") {
    braid::prop("nothing is lost",
                [](const std::vector<int>& amounts) {
                  braid::atomic<std::int64_t> balance;
                  braid::wait_group all;
                  all.add(static_cast<int>(amounts.size()));
                  for (std::size_t i = 0; i < amounts.size(); ++i) {
                    braid::go([&] {
                      balance.store(balance.load() + 1);
                      all.done();
                    });
                  }
                  all.wait();
                  braid::expect(balance.load() == static_cast<std::int64_t>(amounts.size()),
                                "none is lost");
                },
                {.seed = 1});
  }
}

TEST_CASE("an expectation in production") {
  braid::run([] {
    braid::wait_group all;
    all.add(1);
    braid::go([&] {
      braid::expect(1 + 1 == 3, "arithmetic");
      all.done();
    });
    all.wait();
  });
}

TEST_CASE("outcomes that differ") {
  CHECK(braid::outcomes([] {
          braid::go([] { braid::println("foo"); });
          braid::println("after");
        }) == braid::outcome_set{"after\n", "foo\nafter\n", "foo\n"});
}

TEST_CASE("a counter in two steps") {
  const braid::parallel_result r = braid::parallel_check(
      braid::counter_model<int>{}, rc::gen::inRange(1, 9),
      [] { return std::make_unique<braid::atomic<int>>(0); },
      [](const std::unique_ptr<braid::atomic<int>>& counter, int n) {
        const int before = counter->load();
        counter->store(before + n);
        return before;
      },
      {.cases = 50, .seed = 1});
  CHECK(r);
}

TEST_CASE("a counter that is expected to be wrong") {
  CHECK_FALSE(braid::outcomes([] { braid::println("one"); }) == braid::outcome_set{"two\n"});
}

TEST_CASE("a sound program") {
  braid::verify([] { braid::println("hello"); });
}

TEST_CASE("a small budget") {
  braid::verify(
      [] {
        for (int i = 0; i < 4; ++i) {
          braid::go([] {
            for (int k = 0; k < 4; ++k) braid::println("k");
          });
        }
      },
      {.runs_max = 10});
}

}  // namespace
