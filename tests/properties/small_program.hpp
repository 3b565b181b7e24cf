// Random small programs: a few goroutines with a few instructions each, over all primitives.
//
// A program is a list of numbers, each of which is one instruction, so that rapidcheck can shrink
// it to a shorter list of smaller numbers; 0 is the simplest. Main makes the objects, starts the
// other goroutines, runs its own instructions and, if the program says so, waits for the others.
#pragma once

#include <rapidcheck.h>
#include <braid/braid.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace braid::testing {

// What the goroutines of one execution share.
struct shared_objects {
  chan<int> channels[2] = {make_chan<int>(0), make_chan<int>(1)};
  mutex guard;
  atomic<int> number = 0;
  var<int> plain = 0;
  wait_group group;
  wait_group others;
  shared_mutex book;
  cond changed;
};

inline constexpr int instruction_count = 42;

// Where a program is to run.
enum class place_to_run {
  checker,
  // Instructions 20 to 29 are 0 to 9 there: await() polls, and a program that waits or loops so for
  // ever does not end.
  anywhere,
};

// Performs the instructions of goroutine `who`, numbers modulo their count.
class interpreter {
 public:
  interpreter(shared_objects& objects, int who, place_to_run where)
      : objects_(&objects), who_(who), where_(where) {}

  void run(const std::vector<int>& instructions) {
    for (std::size_t i = 0; i < instructions.size(); ++i) {
      place_ = std::to_string(who_) + "." + std::to_string(i);
      const int kind = instructions[i] % instruction_count;
      const bool is_unfit = where_ == place_to_run::anywhere && kind >= 20 && kind < 30;
      perform(is_unfit ? kind - 20 : kind);
    }
  }

 private:
  void perform(int kind) {
    if (kind < 12) return perform_simple(kind);
    if (kind >= 30) return perform_lock(kind);
    if (kind >= 24) return spin(kind);
    if (kind >= 20) return perform_checked(kind);
    chan<int>& a = objects_->channels[0];
    chan<int>& b = objects_->channels[1];
    int value = 0;
    switch (kind) {
      case 12:
        return say(select{recv(a, value), otherwise}, value);
      case 13:
        return say(select{recv(b, value), otherwise}, value);
      case 14:
        return say(select{recv(a, value), recv(b, value)}, value);
      case 15:
        return say(select{send(a, who_), recv(b, value)}, value);
      case 16:
        return say(select{send(b, who_), recv(a, value), otherwise}, value);
      case 17:
        return say(static_cast<int>(choose(2)), 0);
      case 18:
        return sleep_for(std::chrono::milliseconds(1 + who_));
      default:
        return say(select{recv(a, value), recv(after(std::chrono::milliseconds(2)))}, value);
    }
  }

  void perform_simple(int kind) {
    chan<int>& a = objects_->channels[0];
    chan<int>& b = objects_->channels[1];
    switch (kind) {
      case 0:
        return this_goroutine::yield();
      case 1:
        return println(place_);
      case 2:
        return a.send(who_);
      case 3:
        return say(0, a.recv().value);
      case 4:
        return b.send(who_);
      case 5:
        return say(0, b.recv().value);
      case 6:
        return b.close();
      case 7:
        objects_->guard.lock();
        println(place_);
        return objects_->guard.unlock();
      case 8:
        return try_lock(objects_->guard);
      case 9:
        objects_->number.fetch_add(1);
        return say(0, objects_->number.load());
      case 10:
        return objects_->group.done();
      default:
        return objects_->group.wait();
    }
  }

  void perform_checked(int kind) {
    int expected = 1;
    switch (kind) {
      case 20:
        return say(objects_->number.await([](int found) { return found > 0; }), 0);
      case 21:
        return say(objects_->number.compare_exchange_strong(expected, 0), expected);
      case 22:
        return say(objects_->plain.read(), 0);
      default:
        return objects_->plain.write(who_);
    }
  }

  // Loops that say nothing to a scheduler.
  void spin(int kind) {
    atomic<int>& number = objects_->number;
    int value = 0;
    switch (kind) {
      case 24:
        while (number.load() == 0) {
        }
        return say(0, 0);
      case 25:
        for (int expected = 1; !number.compare_exchange_strong(expected, 0);) expected = 1;
        return say(0, 0);
      case 26:
        while (!objects_->guard.try_lock()) this_goroutine::yield();
        return objects_->guard.unlock();
      case 27:
        while (number.load() == 0 && objects_->plain.read() == 0) {
        }
        return say(0, 0);
      case 28:
        while (select{recv(objects_->channels[1], value), otherwise} != 0) this_goroutine::yield();
        return say(0, value);
      default:
        for (const auto end = clock::now() + std::chrono::milliseconds(2);
             number.load() == 0 && clock::now() < end;) {
        }
        return say(0, 0);
    }
  }

  void perform_lock(int kind) {
    shared_mutex& book = objects_->book;
    switch (kind) {
      case 30:
        return objects_->guard.lock();
      case 31:
        return objects_->guard.unlock();
      case 32:
        book.lock_shared();
        println(place_);
        return book.unlock_shared();
      case 33:
        book.lock();
        println(place_);
        return book.unlock();
      case 34:
        return try_lock_shared();
      case 35:
        return try_lock(book);
      case 36:
        return book.unlock_shared();
      case 37:
        return wait_for_change();
      case 38:
        return objects_->changed.notify_one();
      case 39:
        return objects_->changed.notify_all();
      case 40:
        return choose_in_turn();
      default:
        choose(2);
        return;
    }
  }

  // Values between which there is no operation, and that decide whether there are more.
  void choose_in_turn() {
    if (choose(2) == 1) return println(place_, "a");
    if (choose(2) == 1 && choose(2) == 1) println(place_, "b");
  }

  template <class Lock>
  void try_lock(Lock& lock) {
    const bool is_taken = lock.try_lock();
    say(is_taken, 0);
    if (is_taken) lock.unlock();
  }

  void try_lock_shared() {
    const bool is_taken = objects_->book.try_lock_shared();
    say(is_taken, 0);
    if (is_taken) objects_->book.unlock_shared();
  }

  void wait_for_change() {
    std::unique_lock held(objects_->guard);
    objects_->changed.wait(held);
    say(0, 0);
  }

  void say(int what, int value) { println(place_, what, value); }

  shared_objects* objects_;
  int who_;
  place_to_run where_;
  std::string place_;
};

class small_program {
 public:
  // REQUIRES: numbers are not negative.
  explicit small_program(const std::vector<int>& numbers,
                         place_to_run where = place_to_run::anywhere)
      : where_(where) {
    const int shape = numbers.empty() ? 0 : numbers[0];
    goroutines_.resize(static_cast<std::size_t>(2 + shape / 2 % 2));
    waits_ = shape % 2 == 0;
    for (std::size_t i = 1; i < numbers.size(); ++i) {
      goroutines_[i % goroutines_.size()].push_back(numbers[i]);
    }
  }

  void operator()() const {
    // They live until the next program begins: a goroutine that a fatal error has ended is not
    // unwound, and would keep its share for ever.
    static std::unique_ptr<shared_objects> kept;
    kept = std::make_unique<shared_objects>();
    shared_objects* const objects = kept.get();
    objects->group.add(1);
    for (std::size_t g = 1; g < goroutines_.size(); ++g) {
      objects->others.add(1);
      go([objects, g, where = where_, instructions = goroutines_[g]] {
        interpreter(*objects, static_cast<int>(g), where).run(instructions);
        objects->others.done();
      });
    }
    interpreter(*objects, 0, where_).run(goroutines_[0]);
    if (waits_) objects->others.wait();
  }

 private:
  std::vector<std::vector<int>> goroutines_;
  bool waits_ = true;
  place_to_run where_;
};

inline rc::Gen<std::vector<int>> any_numbers() {
  const auto number = rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 100));
  return rc::gen::resize(8, rc::gen::container<std::vector<int>>(number));
}

// A program of instructions of four kinds: they have more to do with each other.
inline std::vector<int> numbers_of_few_kinds() {
  const auto kind = rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, instruction_count));
  const auto kinds = *rc::gen::container<std::vector<int>>(4, kind);
  std::vector<int> numbers =
      *rc::gen::resize(6, rc::gen::container<std::vector<int>>(
                              rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 4))));
  for (int& n : numbers) n = kinds[static_cast<std::size_t>(n)];
  numbers.insert(numbers.begin(), 2 * *rc::gen::inRange(0, 2));  // main waits
  return numbers;
}

}  // namespace braid::testing
