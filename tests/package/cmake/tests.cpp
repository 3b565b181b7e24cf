// Tests of account.hpp: every ordering of one example, and every ordering of random ones.
#include <rapidcheck.h>
#include <braid/braid.hpp>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>

#include "account.hpp"

// All outcomes of two transfers between accounts of 100 and 200, one in each direction.
static braid::report opposite_transfers(int there, int back) {
  return braid::explore({"opposite transfers", [there, back] {
                           account a(1, 100);
                           account b(2, 200);
                           braid::wait_group both;
                           both.go([&] { transfer(a, b, there); });
                           both.go([&] { transfer(b, a, back); });
                           both.wait();
                           braid::print(a.cents.read() + b.cents.read());
                         }});
}

TEST_CASE("opposite transfers end, and do not race") {
  const braid::report all = opposite_transfers(10, 20);
  CHECK(all.complete);
  CHECK(all.findings.empty());
}

TEST_CASE("no transfer makes or loses money") {
  CHECK(rc::check("the sum stays", [](int there, int back) {
    const braid::report all = opposite_transfers(there % 1000, back % 1000);
    RC_ASSERT(all.outcomes.size() == 1u);
    RC_ASSERT(all.outcomes[0].output == "300");
  }));
}
