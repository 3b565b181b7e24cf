// Locks made of cells alone. Where a lock spins, the goroutine here gives up after a few polls, so
// that the executions end; it then just returns.
//
// Sources: Peterson, Myths About the Mutual Exclusion Problem, 1981; Lamport, A New Solution of
// Dijkstra's Concurrent Programming Problem, 1974 (bakery), and A Fast Mutual Exclusion Algorithm,
// 1987; Szymanski, A Simple Solution to Lamport's Concurrent Programming Problem with Linear Wait,
// 1988; the ticket lock and the spin locks are classics.
#include <algorithm>
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

#include "dpor/notation.hpp"

using namespace dpor;

namespace {

// True if the condition held at one of `times` polls.
template <class Condition>
bool polled(int times, Condition condition) {
  for (int i = 0; i < times; ++i) {
    if (condition()) return true;
  }
  return false;
}

}  // namespace

BRAID_SCENARIO("dpor/ticketlock", "N take a ticket and wait for their turn: N! classes",
               {.size = 2, .expected = {""}}) {
  cell next;
  cell served;
  cell x;
  team all;
  const auto body = [&](long self) {
    const long ticket = next.fetch_add(1);
    await_value(served, ticket);
    x.store(self);
    x.load();
    served.store(ticket + 1);
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}

BRAID_SCENARIO("dpor/ttas", "N test, then test and set a lock, twice at most",
               {.size = 2, .expected = {""}}) {
  cell lock;
  cell x;
  team all;
  const auto body = [&](long self) {
    if (!polled(2, [&] { return lock.load() == 0 && lock.exchange(1) == 0; })) return;
    x.store(self);
    lock.store(0);
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}

BRAID_SCENARIO("dpor/ttas_await", "N await that a lock is free, then test and set it",
               {.size = 2, .expected = {""}}) {
  cell lock;
  cell x;
  team all;
  const auto body = [&](long self) {
    do {
      await_value(lock, 0);
    } while (lock.exchange(1) != 0);
    x.store(self);
    lock.store(0);
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}

BRAID_SCENARIO("dpor/casspin", "N compare and set a lock, twice at most",
               {.size = 2, .expected = {""}}) {
  cell lock;
  cell x;
  team all;
  const auto body = [&](long self) {
    if (!polled(2, [&] { return cas(lock, 0, 1); })) return;
    x.store(self);
    lock.store(0);
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}

BRAID_SCENARIO("dpor/peterson", "Peterson's lock for two, with N polls",
               {.size = 1, .expected = {""}}) {
  row<cell> flag(2);
  cell turn;
  cell x;
  team all;
  const auto body = [&](long self) {
    const long other = 1 - self;
    flag[self].store(1);
    turn.store(other);
    if (!polled(size, [&] { return flag[other].load() != 1 || turn.load() != other; })) return;
    x.store(self);
    x.load();
    flag[self].store(0);
  };
  all.spawn(body, 0);
  all.spawn(body, 1);
  all.join_all();
}

BRAID_SCENARIO("dpor/lamport_fast", "Lamport's fast lock for two, with N attempts",
               {.size = 1, .expected = {""}}) {
  cell x;
  cell y;
  row<cell> b(3);
  cell v;
  team all;
  enum class attempt { entered, again, given_up };
  const auto enter = [&](long self) {
    b[self].store(1);
    x.store(self);
    if (y.load() != 0) {
      b[self].store(0);
      return attempt::again;
    }
    y.store(self);
    if (x.load() == self) return attempt::entered;
    b[self].store(0);
    if (b[3 - self].load() != 0) return attempt::given_up;
    return y.load() == self ? attempt::entered : attempt::again;
  };
  const auto body = [&](long self) {
    attempt last = attempt::again;
    for (int k = 0; k < size && last == attempt::again; ++k) last = enter(self);
    if (last != attempt::entered) return;
    v.store(self);
    v.load();
    y.store(0);
    b[self].store(0);
  };
  all.spawn(body, 1);
  all.spawn(body, 2);
  all.join_all();
}

BRAID_SCENARIO("dpor/szymanski", "Szymanski's lock for two, with N polls at each wait",
               {.size = 1, .expected = {""}}) {
  row<cell> flag(2);
  cell x;
  team all;
  const auto body = [&](long self) {
    cell& own = flag[self];
    cell& other = flag[1 - self];
    own.store(1);
    if (!polled(size, [&] { return other.load() < 3; })) return;
    own.store(3);
    if (other.load() == 1) {
      own.store(2);
      if (!polled(size, [&] { return other.load() == 4; })) return;
    }
    own.store(4);
    if (!polled(size, [&] { return other.load() < 2; })) return;
    x.store(self);
    x.load();
    const auto is_past = [&] {
      const long seen = other.load();
      return seen < 2 || seen > 3;
    };
    if (!polled(size, is_past)) return;
    own.store(0);
  };
  all.spawn(body, 0);
  all.spawn(body, 1);
  all.join_all();
}

BRAID_SCENARIO("dpor/bakery", "Lamport's bakery for N, with one poll at each wait",
               {.size = 2, .expected = {""}}) {
  row<cell> ticket(size);
  row<cell> is_choosing(size);
  cell x;
  team all;
  const auto goes_before = [&](long other, long self, long own) {
    const long found = ticket[other].load();
    return found != 0 && (found < own || (found == own && other < self));
  };
  const auto body = [&](long self) {
    is_choosing[self].store(1);
    long highest = 0;
    for (int i = 0; i < size; ++i) highest = std::max(highest, ticket[i].load());
    const long own = highest + 1;
    ticket[self].store(own);
    is_choosing[self].store(0);
    for (int other = 0; other < size; ++other) {
      if (other == self) continue;
      if (is_choosing[other].load() != 0 || goes_before(other, self, own)) return;
    }
    x.store(self);
    x.load();
    ticket[self].store(0);
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}
