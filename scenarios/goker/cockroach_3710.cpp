// cockroach 3710: a read lock within a read lock.
//
// The scan goes through the replicas of a store under its read lock, and for each replica it calls
// what takes the read lock again. Meanwhile raft asks for the write lock. A writer that waits keeps
// new readers out, so where it comes between the outer and the inner read lock, it waits for the
// scan and the scan waits for it. Main has returned by then: two goroutines leak.
//
// Fixed by not locking again: the inner code says that its caller has locked.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <memory>

namespace {

struct store {
  braid::shared_mutex guard;
  braid::mutex queue;
  braid::var<int> replicas = 2;
};

void scan(store& s, bool is_fixed) {
  s.guard.lock_shared();
  for (int left = s.replicas.read(); left > 0; --left) {
    s.queue.lock();
    if (!is_fixed) s.guard.lock_shared();
    s.replicas.read();  // adds the replica to the queue if it is one of the store's
    if (!is_fixed) s.guard.unlock_shared();
    s.queue.unlock();
  }
  s.guard.unlock_shared();
}

void process_raft(store& s) {
  s.guard.lock();
  s.replicas.read();  // copies the list
  s.guard.unlock();
}

void start(bool is_fixed) {
  const auto s = std::make_shared<store>();
  braid::go({.name = "scan"}, [=] { scan(*s, is_fixed); });
  braid::go({.name = "start"}, [=] { braid::go({.name = "raft"}, [=] { process_raft(*s); }); });
}

}  // namespace

BRAID_SCENARIO("goker/cockroach_3710",
               "a goroutine reads twice at once, and a writer comes between",
               {.expected = {"", {"", "leak"}}, .exhaustible = false}) {
  start(false);
}
BRAID_SCENARIO("goker/cockroach_3710-fixed", "a goroutine reads once, and a writer waits for it",
               {.expected = {""}, .exhaustible = false}) {
  start(true);
}
