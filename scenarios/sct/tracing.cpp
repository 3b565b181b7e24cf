// A tracing library whose end frees its tables, called by every thread of the program.
//
// The heap is modelled: a block knows whether it was freed, and freeing or using it afterwards is a
// panic.
#include <array>
#include <cstddef>

#include "common.hpp"

namespace {

class heap_block {
 public:
  void use() const { sct::require(!is_freed_.load(), "use after free"); }
  void free() { sct::require(!is_freed_.exchange(true), "double free"); }

 private:
  braid::atomic<bool> is_freed_ = false;
};

// A lock for one writer or several readers, made of semaphores: a channel with room for one.
class read_write_lock {
 public:
  void lock() { writing_.send(1); }
  void unlock() { writing_.recv(); }
  void lock_shared() {
    counting_.send(1);
    if (++readers_ == 1) writing_.send(1);
    counting_.recv();
  }
  void unlock_shared() {
    counting_.send(1);
    if (--readers_ == 0) writing_.recv();
    counting_.recv();
  }

 private:
  braid::chan<int> writing_ = braid::make_chan<int>(1);
  braid::chan<int> counting_ = braid::make_chan<int>(1);
  int readers_ = 0;  // guarded by counting_
};

class tracer {
 public:
  void trace(std::size_t thread) {
    guard_.lock_shared();
    table_.use();
    ++events_[thread];
    guard_.unlock_shared();
  }
  void end() {
    guard_.lock();
    table_.free();
    guard_.unlock();
  }

 private:
  read_write_lock guard_;
  heap_block table_;
  std::array<braid::var<int>, 3> events_;
};

void ctrace(bool is_fixed) {
  tracer shared;
  sct::threads both(2);
  for (std::size_t id = 1; id <= 2; ++id) {
    both.start([&, id] {
      shared.trace(id);
      if (!is_fixed) shared.end();
    });
  }
  both.join();
  shared.trace(0);
  shared.end();
}

}  // namespace

// Both threads end the tracing, and so does main: the second to come frees or uses what was freed,
// in every schedule. (The catalogue's program does so when called with the argument b.) Fixed by
// leaving the end to main.
BRAID_SCENARIO("sct/ctrace-test", "every thread ends the tracing", sct::ends({"panic"})) {
  ctrace(false);
}
BRAID_SCENARIO("sct/ctrace-test-fixed", "main alone ends the tracing", sct::ends({"ok"})) {
  ctrace(true);
}
