// cockroach 35501: goroutines that share the variable of the loop that starts them.
//
// For each check of a table a goroutine is started that validates it. All of them refer to the one
// variable of the loop, to which the loop assigns the next check meanwhile. Nothing orders that
// write and their reads: a data race in every schedule, and often the last check is validated twice
// and the first one never. Nobody waits for them, so the variable lives longer than the loop.
//
// Fixed by a copy for each round.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <memory>
#include <string>

namespace {

constexpr const char* checks[] = {"check_a", "check_b", "check_c"};

void validate_shared() {
  const auto c = std::make_shared<braid::var<std::string>>(std::string(), braid::where());
  for (const char* check : checks) {
    c->write(check);
    braid::go({.name = "validation"}, [c] { c->read(); });
  }
}

void validate_copies() {
  for (const char* check : checks) {
    const auto c = std::make_shared<braid::var<std::string>>(std::string(), braid::where());
    c->write(check);
    braid::go({.name = "validation"}, [c] { c->read(); });
  }
}

template <class F>
void alter_table(F validate) {
  braid::wait_group altered;
  altered.add(1);
  braid::go({.name = "alter"}, [&] {
    validate();
    altered.done();
  });
  altered.wait();
}

}  // namespace

BRAID_SCENARIO("goker/cockroach_35501", "goroutines share the loop's variable",
               {.expected = {{"", "race"}}, .exhaustible = false}) {
  alter_table(validate_shared);
}
BRAID_SCENARIO("goker/cockroach_35501-fixed", "each goroutine has a copy of the loop's variable",
               {.expected = {""}, .exhaustible = false}) {
  alter_table(validate_copies);
}
