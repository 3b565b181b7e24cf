// What orders two accesses, by the list of what an execution did: for operations in sequences that
// are written down here, primitive by primitive.
#include "detect/sync_order.hpp"

#include <catch2/catch.hpp>
#include <initializer_list>
#include <string>
#include <vector>

#include "detect/races.hpp"

namespace {

using namespace braid;

constexpr std::uint64_t variable = 1, guard = 2, place = 3, timer_id = 4;

// Writes down an execution whose goroutines, main among them, were all started at its beginning.
class script {
 public:
  explicit script(std::uint32_t others) {
    log_.push_back({.kind = sync_entry_kind::born});
    log_.push_back(
        {.kind = sync_entry_kind::made, .op = op_kind::write, .object = variable, .text = "var"});
    for (std::uint32_t g = 1; g <= others; ++g) {
      arrives(0, op_kind::go, 0);
      log_.push_back({.kind = sync_entry_kind::born, .goroutine = g});
      completes(0, op_kind::go, 0);
    }
  }

  script& arrives(std::uint32_t g, op_kind kind, std::uint64_t object) {
    log_.push_back(
        {.kind = sync_entry_kind::arrives, .op = kind, .goroutine = g, .object = object});
    return *this;
  }
  script& completes(std::uint32_t g, op_kind kind, std::uint64_t object, std::int64_t argument = 0,
                    std::int64_t result = 1) {
    log_.push_back({.kind = sync_entry_kind::completes,
                    .op = kind,
                    .goroutine = g,
                    .object = object,
                    .argument = argument,
                    .result = result});
    return *this;
  }
  // A whole step.
  script& does(std::uint32_t g, op_kind kind, std::uint64_t object = guard,
               std::int64_t argument = 0, std::int64_t result = 1) {
    return arrives(g, kind, object).completes(g, kind, object, argument, result);
  }
  script& writes(std::uint32_t g) { return does(g, op_kind::write, variable); }
  script& reads(std::uint32_t g) { return does(g, op_kind::read, variable); }
  script& add(const sync_entry& e) {
    log_.push_back(e);
    return *this;
  }

  bool races() const { return !race_finder().find(log_).empty(); }

 private:
  std::vector<sync_entry> log_;
};

TEST_CASE("a write unlock comes before each read lock after it", "[checker][races][H11]") {
  using enum op_kind;
  CHECK_FALSE(script(1)
                  .does(0, announce_write)
                  .does(0, await_readers)
                  .writes(0)
                  .does(0, write_unlock)
                  .does(1, read_lock)
                  .reads(1)
                  .races());
  CHECK(script(1).does(0, write_unlock).writes(0).does(1, read_lock).reads(1).races());
  CHECK_FALSE(script(1).writes(0).does(0, write_unlock).does(1, try_read_lock).reads(1).races());
  CHECK(script(1)
            .writes(0)
            .does(0, write_unlock)
            .does(1, try_read_lock, guard, 0, 0)
            .reads(1)
            .races());
}

TEST_CASE("a read unlock comes before the next write lock, and before no reader",
          "[checker][races][H11]") {
  using enum op_kind;
  CHECK_FALSE(script(1)
                  .does(0, read_lock)
                  .reads(0)
                  .does(0, read_unlock)
                  .does(1, announce_write)
                  .does(1, await_readers)
                  .writes(1)
                  .races());
  CHECK_FALSE(script(1).reads(0).does(0, read_unlock).does(1, try_write_lock).writes(1).races());
  CHECK(script(1).writes(0).does(0, read_unlock).does(1, read_lock).writes(1).races());
  // An announced writer has not come before anything yet.
  CHECK(script(1).reads(0).does(0, read_unlock).does(1, announce_write).writes(1).races());
}

TEST_CASE("a notify comes before the wait that it wakes, and before no other",
          "[checker][races][H13]") {
  using enum op_kind;
  const auto wakes = [](std::int64_t all, std::uint32_t second) {
    return script(2)
        .does(1, enqueue)
        .does(2, enqueue)
        .writes(0)
        .does(0, notify, guard, all)
        .does(second, cond_wait, place)
        .writes(second)
        .races();
  };
  CHECK_FALSE(wakes(0, 1));
  CHECK(wakes(0, 2));  // the first of the queue is woken
  CHECK_FALSE(wakes(1, 1));
  CHECK_FALSE(wakes(1, 2));
}

TEST_CASE("arming a timer comes before the goroutine that it starts", "[checker][races][H15][T5]") {
  const auto starts = [](bool writes_first) {
    script s(0);
    if (writes_first) s.writes(0);
    s.arrives(0, op_kind::start, guard);
    s.add({.kind = sync_entry_kind::armed, .object = timer_id});
    s.completes(0, op_kind::start, guard);
    if (!writes_first) s.writes(0);
    s.add({.kind = sync_entry_kind::fires, .object = timer_id});
    s.add({.kind = sync_entry_kind::born, .goroutine = 1});
    return s.writes(1).races();
  };
  CHECK_FALSE(starts(true));
  CHECK(starts(false));
}

TEST_CASE("a timer that arms itself again knows what it knew", "[checker][races][H15][T17]") {
  constexpr std::uint64_t channel = timer_id;
  script s(1);
  s.add({.kind = sync_entry_kind::made, .object = channel, .text = "chan", .argument = 1});
  s.writes(0).arrives(0, op_kind::start, guard);
  s.add({.kind = sync_entry_kind::armed, .object = channel});
  s.completes(0, op_kind::start, guard);
  for (int tick = 0; tick < 2; ++tick) {
    s.add({.kind = sync_entry_kind::fires, .object = channel});
    s.add({.kind = sync_entry_kind::armed, .object = channel});
    s.does(1, op_kind::recv, channel);
  }
  CHECK_FALSE(s.writes(1).races());
}

TEST_CASE("the races of a variable do not hide each other", "[checker][races]") {
  // By the order of the first two, either would be the last write.
  const auto count = [](std::uint32_t first, std::uint32_t second) {
    std::vector<sync_entry> log;
    for (const std::uint32_t g : {0U, 1U, 2U}) {
      log.push_back({.kind = sync_entry_kind::arrives, .op = op_kind::go});
      log.push_back({.kind = sync_entry_kind::born, .goroutine = g});
    }
    const auto write = [&](std::uint32_t g) {
      log.push_back({.kind = sync_entry_kind::completes,
                     .op = op_kind::write,
                     .goroutine = g,
                     .object = variable,
                     .at = where({}, "a.cpp", g, "f")});
    };
    write(first);
    write(second);
    log.push_back({.kind = sync_entry_kind::completes,
                   .op = op_kind::unlock,
                   .goroutine = 1,
                   .object = guard});
    log.push_back(
        {.kind = sync_entry_kind::completes, .op = op_kind::lock, .goroutine = 2, .object = guard});
    write(2);
    race_finder finder;
    return hash_of(finder.find(log));
  };
  CHECK(count(0, 1) == count(1, 0));
  CHECK(count(0, 1) != 0);
}

}  // namespace
