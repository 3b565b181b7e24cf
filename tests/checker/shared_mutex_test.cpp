// Shared mutexes under every schedule (rules M7-M12).
//
// Oracle: hand-made lists of outcomes.
#include <braid/braid.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "support/exploring.hpp"

namespace {

using braid::testing::all_outcomes;
using braid::testing::explore_all;
using braid::testing::only_output;
using braid::testing::outcomes;

TEST_CASE("readers share a shared mutex, a writer has it alone", "[checker][M7]") {
  const outcomes found = all_outcomes([] {
    braid::shared_mutex book;
    braid::wait_group all;
    all.add(2);
    const bool writes = braid::choose(2) == 1;
    braid::go([&] {
      if (writes) book.lock();
      if (!writes) book.lock_shared();
      braid::print("a");
      braid::print("a");
      if (writes) book.unlock();
      if (!writes) book.unlock_shared();
      all.done();
    });
    braid::go([&] {
      book.lock_shared();
      braid::print("b");
      book.unlock_shared();
      all.done();
    });
    all.wait();
  });
  CHECK(found == outcomes{"aab", "aba", "baa"});
}

TEST_CASE("two writers never meet", "[checker][M7]") {
  const outcomes found = all_outcomes([] {
    braid::shared_mutex book;
    braid::wait_group all;
    all.add(1);
    braid::go([&] {
      book.lock();
      braid::print("a");
      braid::print("a");
      book.unlock();
      all.done();
    });
    {
      const std::lock_guard held(book);
      braid::print("b");
      braid::print("b");
    }
    all.wait();
  });
  CHECK(found == outcomes{"aabb", "bbaa"});
}

// Goroutine g1 writes, if it can; main reads twice at once.
TEST_CASE("who reads twice at once waits for ever if a writer comes between", "[checker][M8][D5]") {
  const outcomes found = all_outcomes([] {
    braid::shared_mutex book;
    braid::wait_group all;
    all.add(1);
    braid::go([&] {
      book.lock();
      braid::print("w");
      book.unlock();
      all.done();
    });
    book.lock_shared();
    book.lock_shared();
    braid::print("r");
    book.unlock_shared();
    book.unlock_shared();
    all.wait();
  });
  CHECK(found == outcomes{{"", "deadlock"}, "rw", "wr"});
}

TEST_CASE("when a writer leaves, the readers that wait come before the next writer",
          "[checker][M8]") {
  // g1 waits to read while main writes; a second writer, which comes only then, cannot overtake it.
  const outcomes found = all_outcomes([] {
    braid::shared_mutex book;
    braid::wait_group all;
    all.add(1);
    book.lock();
    braid::go([&] {
      book.lock_shared();
      braid::print("r");
      book.unlock_shared();
      all.done();
    });
    braid::sleep_for(std::chrono::seconds(1));  // until g1 waits
    book.unlock();
    book.lock();
    braid::print("w");
    book.unlock();
    all.wait();
  });
  CHECK(found == outcomes{"rw"});
}

TEST_CASE("unlocking what is not locked is fatal, for readers and writers", "[checker][M9][P12]") {
  const std::string strategy = GENERATE("dfs", "dpor");
  const bool reads = GENERATE(true, false);
  const braid::report r = braid::explore({"unlock",
                                          [=] {
                                            braid::shared_mutex book;
                                            reads ? book.unlock_shared() : book.unlock();
                                          }},
                                         {.strategy = strategy});
  REQUIRE(r.outcomes.size() == 1);
  CHECK(r.outcomes[0].lowest == braid::verdict::fatal);
  CHECK(r.outcomes[0].errors == (reads ? "fatal error: sync: RUnlock of unlocked RWMutex\n"
                                       : "fatal error: sync: Unlock of unlocked RWMutex\n"));
}

TEST_CASE("a reader that becomes a writer waits for itself", "[checker][M9]") {
  CHECK(all_outcomes([] {
          braid::shared_mutex book;
          book.lock_shared();
          book.lock();
        }) == outcomes{{"", "deadlock"}});
}

TEST_CASE("try_lock and try_lock_shared tell the state", "[checker][M10]") {
  CHECK(only_output([] {
          braid::shared_mutex book;
          braid::print(book.try_lock());         // free
          braid::print(book.try_lock());         // a writer has it
          braid::print(book.try_lock_shared());  // so readers cannot
          book.unlock();
          braid::print(book.try_lock_shared());
          braid::print(book.try_lock_shared());  // with others
          braid::print(book.try_lock());         // but no writer
        }) == "truefalsefalsetruetruefalse");
}

TEST_CASE("a writer that waits keeps readers from trying", "[checker][M8][M10]") {
  const outcomes found = all_outcomes([] {
    braid::shared_mutex book;
    braid::wait_group all;
    all.add(1);
    book.lock_shared();
    braid::go([&] {
      book.lock();
      book.unlock();
      all.done();
    });
    const bool more = book.try_lock_shared();
    braid::print(more);
    if (more) book.unlock_shared();
    book.unlock_shared();
    all.wait();
  });
  CHECK(found == outcomes{"false", "true"});
}

TEST_CASE("std's locks work with a shared mutex", "[checker][M11][M12]") {
  CHECK(only_output([] {
          braid::shared_mutex book;
          braid::mutex other;
          { const std::scoped_lock both(book, other); }
          std::shared_lock reads(book);
          reads.unlock();
          std::unique_lock writes(book, std::try_to_lock);
          braid::print(writes.owns_lock());
        }) == "true");
}

// The search reverses an unlock and the lock of somebody else, too.
TEST_CASE("dpor finds an unlock that comes too early", "[checker][M2][M4]") {
  const std::string strategy = GENERATE("dfs", "dpor");
  const auto body = [] {
    braid::mutex guard;
    braid::wait_group all;
    all.add(2);
    braid::go([&] {
      guard.lock();
      all.done();
    });
    braid::go([&] {
      guard.unlock();
      all.done();
    });
    all.wait();
    braid::print("ok");
  };
  const braid::report r = braid::explore({"unlock", body}, {.strategy = strategy});
  CHECK(r.complete);
  CHECK(braid::testing::outcomes_of(r) == outcomes{{"", "fatal"}, "ok"});
}

// Two additions, either of which would do: no pair of events tells that the wait group can go below
// zero.
TEST_CASE("dpor says that it does not find every counter below zero", "[checker][W2]") {
  const auto body = [] {
    braid::wait_group group;
    braid::wait_group all;
    all.add(3);
    for (int i = 0; i < 2; ++i) {
      braid::go([&] {
        group.add(1);
        all.done();
      });
    }
    braid::go([&] {
      group.done();
      all.done();
    });
    all.wait();
  };
  const braid::program p{"early", body};
  const braid::report exact = braid::explore(p, {.strategy = "dfs"});
  CHECK(exact.complete);
  CHECK(braid::testing::outcomes_of(exact) == outcomes{"", {"", "panic"}});
  const braid::report reduced = braid::explore(p, {.strategy = "dpor"});
  CHECK_FALSE(reduced.complete);
  CHECK_THAT(reduced.why_incomplete, Catch::Contains("below zero"));
}

// To reverse the first addition takes the second along, or the first is not enough.
TEST_CASE("dpor says that it does not find every counter that was lower", "[checker][W2]") {
  struct group_program {
    std::function<void(braid::wait_group&)> child;
    int outcomes;
  };
  const auto [child, outcomes_count] = GENERATE(
      group_program{[](braid::wait_group& group) { group.done(); }, 2},
      group_program{[](braid::wait_group& group) { group.wait(), braid::println("zero"); }, 3});
  const braid::program p{"lower", [child = child] {
                           const auto group = std::make_shared<braid::wait_group>();
                           braid::go([group, child] { child(*group); });
                           braid::go([group] { group->add(1); });
                           group->add(1);
                         }};
  const braid::report exact = braid::explore(p, {.strategy = "dfs"});
  CHECK(exact.complete);
  CHECK(static_cast<int>(exact.outcomes.size()) == outcomes_count);
  CHECK_FALSE(braid::explore(p, {.strategy = "dpor"}).complete);
  const braid::report found = braid::explore(p, {});
  CHECK(found.complete);
  CHECK(found.outcomes.size() == exact.outcomes.size());
}

TEST_CASE("additions by who is counted are no counter that was lower", "[checker][W4]") {
  const auto body = [] {
    braid::wait_group group;
    group.add(2);
    braid::go([&] { group.done(); });
    braid::go([&] {
      group.add(1);
      braid::go([&] { group.done(); });
      group.done();
    });
    group.add(1);
    braid::go([&] { group.done(); });
    group.wait();
  };
  const braid::report r = braid::explore({"nested", body}, {.strategy = "dpor"});
  CHECK(r.complete);
  CHECK(r.classes == 1);
}

}  // namespace
