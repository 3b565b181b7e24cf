// Two transfers in opposite directions. Linked with braid::main, this file is a command line:
//
//   ./transfer explore transfer
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

#include "account.hpp"

BRAID_SCENARIO("transfer", "two transfers in opposite directions") {
  account a(1, 100);
  account b(2, 200);
  braid::wait_group both;
  both.go([&] { transfer(a, b, 10); });
  both.go([&] { transfer(b, a, 20); });
  both.wait();
  braid::println(a.cents.read(), b.cents.read());
}
