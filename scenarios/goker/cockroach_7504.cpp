// cockroach 7504: two locks in opposite order, in two files.
//
// To acquire a lease by name one locks the cache of names and then, if the name is there, the
// lease. To release it one locks the table, then the lease, and while it is removed also the cache
// of names. Where each has its first lock, both wait for the other, and main for both. Where the
// release is first all goes well, since the name is gone.
//
// Fixed by one order: the name is removed from the cache before the lease is locked.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

namespace {

struct table {
  braid::mutex names;
  braid::var<bool> is_named = true;  // whether the cache of names has the lease
  braid::mutex state;
  braid::mutex lease;
  braid::var<bool> is_listed = true;  // whether the table has the lease
};

void acquire(table& t) {
  t.names.lock();
  if (t.is_named.read()) {
    t.lease.lock();
    t.lease.unlock();
  }
  t.names.unlock();
}

void remove_name(table& t) {
  t.names.lock();
  t.is_named.write(false);
  t.names.unlock();
}

void release(table& t, bool is_fixed) {
  t.state.lock();
  if (is_fixed) remove_name(t);
  t.lease.lock();
  t.is_listed.write(false);
  if (!is_fixed) remove_name(t);
  t.lease.unlock();
  t.state.unlock();
}

void acquire_and_release(bool is_fixed) {
  table t;
  braid::wait_group both;
  both.add(2);
  braid::go({.name = "acquire"}, [&] {
    acquire(t);
    both.done();
  });
  braid::go({.name = "release"}, [&] {
    release(t, is_fixed);
    both.done();
  });
  both.wait();
}

}  // namespace

BRAID_SCENARIO("goker/cockroach_7504", "the cache before the lease, and the lease before the cache",
               {.expected = {"", {"", "deadlock"}}, .exhaustible = false}) {
  acquire_and_release(false);
}
BRAID_SCENARIO("goker/cockroach_7504-fixed", "the cache before the lease, in both",
               {.expected = {""}, .exhaustible = false}) {
  acquire_and_release(true);
}
