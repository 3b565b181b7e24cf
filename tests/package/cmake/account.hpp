// Accounts, and transfers between two of them: the code that the program and the tests are about.
#pragma once

#include <braid/braid.hpp>
#include <mutex>

struct account {
  int number;  // the order of the locks: without one, opposite transfers can deadlock
  braid::mutex lock;
  braid::var<int> cents;

  account(int number, int cents) : number(number), cents(cents) {}
};

inline void transfer(account& from, account& to, int cents) {
  const bool in_order = from.number < to.number;
  const std::scoped_lock first((in_order ? from : to).lock);
  const std::scoped_lock second((in_order ? to : from).lock);
  from.cents.write(from.cents.read() - cents);
  to.cents.write(to.cents.read() + cents);
}
