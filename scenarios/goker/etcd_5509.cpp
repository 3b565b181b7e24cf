// etcd 5509: closing a client while a request is under way.
//
// close() forgets its cancel function under the write lock, which says that the client is closed,
// gives the lock back and takes it once more to wait for the remote client. A request looks under
// the read lock whether the client is closed, and if so it returns its error without giving the
// read lock back. Where it looks between the two write locks of close(), the second one waits for a
// reader who will never leave: main hangs, alone, because the request has ended. Where the request
// looks later nobody needs the lock any more.
//
// Fixed by giving the read lock back before the error is returned.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <variant>

namespace {

constexpr int attempts_max = 3;  // without a bound in the original

struct client {
  braid::shared_mutex guard;
  braid::mutex remote;
  braid::var<bool> can_cancel = true;  // false: closed
  braid::chan<std::monostate> done = braid::make_chan<std::monostate>();
};

void request(client& c, bool is_fixed) {
  for (int i = 0; i < attempts_max; ++i) {
    c.guard.lock_shared();
    const bool is_closed = !c.can_cancel.read();
    c.remote.lock();
    c.remote.unlock();
    if (is_closed) {
      if (is_fixed) c.guard.unlock_shared();
      break;
    }
    c.guard.unlock_shared();
  }
  c.done.close();
}

void close_client(bool is_fixed) {
  client c;
  braid::go({.name = "request"}, [&] { request(c, is_fixed); });
  c.guard.lock();
  c.can_cancel.write(false);
  c.guard.unlock();
  c.guard.lock();
  c.guard.unlock();
  c.done.recv();
}

}  // namespace

BRAID_SCENARIO("goker/etcd_5509", "a request that keeps its read lock when the client is closed",
               {.expected = {"", {"", "deadlock"}}, .exhaustible = false}) {
  close_client(false);
}
BRAID_SCENARIO("goker/etcd_5509-fixed", "a request that gives its read lock back",
               {.expected = {""}, .exhaustible = false}) {
  close_client(true);
}
