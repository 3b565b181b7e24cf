// Money goes from account to account, each of which has a lock: fine in most schedules. But who
// sends locks first, so two that send to each other may each wait for the other's lock.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <deque>
#include <string>

namespace {

struct account {
  explicit account(int number) : name(1, static_cast<char>('a' + number % 26)) {
    braid::named(lock, name);
  }

  std::string name;
  braid::mutex lock;
  int balance = 100;
};

void transfer(account& from, account& to) {
  from.lock.lock();
  to.lock.lock();
  --from.balance;
  ++to.balance;
  to.lock.unlock();
  from.lock.unlock();
}

}  // namespace

BRAID_SCENARIO("transfer", "transfers between N accounts lock both ends, the sender's first",
               {.size = 2, .expected = {"", {"", "deadlock"}}}) {
  std::deque<account> accounts;
  for (int i = 0; i < size; ++i) accounts.emplace_back(i);
  const int transfers = size <= 2 ? size : 4 * size;
  braid::wait_group wg;
  braid::named(wg, "wg");
  wg.add(transfers);
  const auto count = static_cast<std::uint64_t>(size);
  for (int i = 0; i < transfers; ++i) {
    // Of two accounts each sends to the other; of more any to any other.
    const std::uint64_t first = size <= 2 ? static_cast<std::uint64_t>(i) : braid::random() % count;
    const std::uint64_t step = size <= 2 ? 1 : 1 + braid::random() % (count - 1);
    account& from = accounts[first];
    account& to = accounts[(first + step) % count];
    braid::go({.name = "transfer(" + from.name + "→" + to.name + ")"}, [&] {
      transfer(from, to);
      wg.done();
    });
  }
  wg.wait();
}
