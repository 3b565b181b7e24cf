// The worker pool: every job that was accepted is done once, however the pool is stopped.
#include "worker_pool.hpp"

#include <braid/explore.hpp>
#include <catch2/catch.hpp>

namespace {

template <variant Variant>
void stopped_while_jobs_come() {
  worker_pool<Variant> pool(2);
  braid::atomic<int> accepted = 0;
  braid::atomic<int> done = 0;
  braid::wait_group submitters;
  submitters.go([&] {
    for (int i = 0; i < 2; ++i) {
      if (pool.submit([&] { ++done; })) ++accepted;
    }
  });
  pool.stop();
  submitters.wait();
  if (done != accepted) braid::panic("a job was lost, or done twice");
  braid::print(accepted.load());
}

template <variant Variant>
braid::report explore_pool() {
  return braid::explore({"worker_pool", stopped_while_jobs_come<Variant>}, {.strategy = "dpor"});
}

TEST_CASE("a pool that is stopped while a job is handed over panics", "[worker_pool]") {
  const braid::report r = explore_pool<variant::buggy>();
  REQUIRE(r.has(braid::verdict::panic));
  CHECK(r.first(braid::verdict::panic).errors.find("send on closed channel") != std::string::npos);
}

TEST_CASE("a pool that is stopped between jobs does all that it has accepted", "[worker_pool]") {
  const braid::report r = explore_pool<variant::fixed>();
  CHECK(r.why_incomplete == "");
  CHECK(r.findings.empty());
  CHECK(r.outcomes.size() == 3);  // none, one or both were accepted
}

}  // namespace
