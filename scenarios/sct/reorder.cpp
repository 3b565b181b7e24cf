// Two plain variables that are written one after the other and read by somebody else in between.
//
// A checker fails if it runs when setters have written a and none has written b. One preemption is
// enough, but the default order of threads is against it: it takes as many delays as there are
// setters, and chance rarely holds all setters back.
#include "common.hpp"

namespace {

struct thread_counts {
  int setters;
  int checkers;
};

void reorder(thread_counts n, bool is_fixed) {
  braid::mutex guard;  // used by the fixed program only
  braid::var<int> a = 0;
  braid::var<int> b = 0;
  sct::threads all(n.setters + n.checkers);
  for (int i = 0; i < n.setters; ++i) {
    all.start([&] {
      if (is_fixed) guard.lock();
      a.write(1);
      b.write(-1);
      if (is_fixed) guard.unlock();
    });
  }
  for (int i = 0; i < n.checkers; ++i) {
    all.start([&] {
      if (is_fixed) guard.lock();
      const bool is_consistent =
          (a.read() == 0 && b.read() == 0) || (a.read() == 1 && b.read() == -1);
      sct::require(is_consistent, "a and b do not match");
      if (is_fixed) guard.unlock();
    });
  }
  all.join();
}

}  // namespace

// Smallest known bounds: 1 preemption in all of them; 2, 3, 4, 9, 40 and 99 delays.
BRAID_SCENARIO("sct/reorder_3", "2 setters write a, then b; 1 checker reads both",
               sct::ends({"ok", "panic"})) {
  reorder({.setters = 2, .checkers = 1}, false);
}
BRAID_SCENARIO("sct/reorder_4", "3 setters write a, then b; 1 checker reads both",
               sct::ends({"ok", "panic"})) {
  reorder({.setters = 3, .checkers = 1}, false);
}
BRAID_SCENARIO("sct/reorder_5", "4 setters write a, then b; 1 checker reads both",
               sct::ends({"ok", "panic"})) {
  reorder({.setters = 4, .checkers = 1}, false);
}
BRAID_SCENARIO("sct/reorder_10", "9 setters write a, then b; 1 checker reads both",
               sct::ends({"ok", "panic"})) {
  reorder({.setters = 9, .checkers = 1}, false);
}
BRAID_SCENARIO("sct/reorder_50", "40 setters write a, then b; 10 checkers read both",
               sct::ends({"ok", "panic"})) {
  reorder({.setters = 40, .checkers = 10}, false);
}
BRAID_SCENARIO("sct/reorder_100", "99 setters write a, then b; 1 checker reads both",
               sct::ends({"ok", "panic"})) {
  reorder({.setters = 99, .checkers = 1}, false);
}

BRAID_SCENARIO("sct/reorder_3-fixed", "as reorder_3, under a mutex", sct::ends({"ok"})) {
  reorder({.setters = 2, .checkers = 1}, true);
}
BRAID_SCENARIO("sct/reorder_4-fixed", "as reorder_4, under a mutex", sct::ends({"ok"})) {
  reorder({.setters = 3, .checkers = 1}, true);
}
BRAID_SCENARIO("sct/reorder_5-fixed", "as reorder_5, under a mutex", sct::ends({"ok"})) {
  reorder({.setters = 4, .checkers = 1}, true);
}
BRAID_SCENARIO("sct/reorder_10-fixed", "as reorder_10, under a mutex", sct::ends({"ok"})) {
  reorder({.setters = 9, .checkers = 1}, true);
}
BRAID_SCENARIO("sct/reorder_50-fixed", "as reorder_50, under a mutex", sct::ends({"ok"})) {
  reorder({.setters = 40, .checkers = 10}, true);
}
BRAID_SCENARIO("sct/reorder_100-fixed", "as reorder_100, under a mutex", sct::ends({"ok"})) {
  reorder({.setters = 99, .checkers = 1}, true);
}
