// serving 4908: a goroutine that logs to a test that may be over.
//
// A test starts a watcher and waits for it. The watcher starts a probe, and nobody waits for that:
// it may write to the log of the test when the test is finished. That the framework notes the end
// and that the log looks for it is a data race in every schedule; where the probe comes late the
// log panics.
//
// Fixed by a group of probes, for which the watcher waits.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <memory>

namespace {

// What a test framework hands to a test.
class test_context {
 public:
  void log() {
    if (is_finished_.read()) braid::panic("Log in goroutine after the test has completed");
  }
  void finish() { is_finished_.write(true); }

 private:
  braid::var<bool> is_finished_ = false;
};

void watch(const std::shared_ptr<test_context>& t, bool is_fixed) {
  braid::wait_group probes;
  if (is_fixed) probes.add(1);
  braid::go({.name = "probe"}, [t, wait_for = is_fixed ? &probes : nullptr] {
    t->log();
    if (wait_for != nullptr) wait_for->done();
  });
  probes.wait();
}

void test_rolling_out(const std::shared_ptr<test_context>& t, bool is_fixed) {
  braid::wait_group watching;
  watching.add(1);
  braid::go({.name = "watcher"}, [&] {
    watch(t, is_fixed);
    watching.done();
  });
  watching.wait();
}

void run_test(bool is_fixed) {
  braid::wait_group tests;
  tests.add(1);
  braid::go({.name = "test"}, [&] {
    const auto t = std::make_shared<test_context>();
    test_rolling_out(t, is_fixed);
    t->finish();
    tests.done();
  });
  tests.wait();
}

}  // namespace

BRAID_SCENARIO("goker/serving_4908", "a goroutine logs to a test for whose end nobody waited",
               {.expected = {{"", "race"}, {"", "panic"}}, .exhaustible = false}) {
  run_test(false);
}
BRAID_SCENARIO("goker/serving_4908-fixed", "a test waits for those who log to it",
               {.expected = {""}, .exhaustible = false}) {
  run_test(true);
}
