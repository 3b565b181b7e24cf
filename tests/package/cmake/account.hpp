// An account, and transfers between two of them: the code that the program and the tests are about.
#pragma once

#include <braid/braid.hpp>
#include <mutex>

struct account {
  braid::mutex lock;
  braid::var<int> cents;

  explicit account(int cents) : cents(cents) {}
};

// Either order of the two locks is good as long as everybody has the same: std::lock's business.
inline void transfer(account& from, account& to, int cents) {
  const std::scoped_lock both(from.lock, to.lock);
  from.cents.write(from.cents.read() - cents);
  to.cents.write(to.cents.read() + cents);
}
