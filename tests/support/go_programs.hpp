// Programs that end in panics and exits, and how Go ends them: for the pool and for the checker.
//
// They are Go's own tests of its panic printing (runtime/crash_test.go) in C++; what they must
// print is what Go 1.27 prints.
#pragma once

#include <braid/braid.hpp>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace braid::testing {

struct go_program {
  std::string name;
  void (*main)();
  std::string out;      // all of stdout
  std::string err;      // stderr, up to the blank line
  std::string verdict;  // as the checker calls it
};

inline std::string text_of(const std::exception_ptr& thrown) {
  if (thrown == nullptr) return "<nil>";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return e.what();
  }
}

inline void panics_in_deferred_calls() {
  with_defers([](frame& f) {
    f.defer([] { panic("second panic"); });
    panic("first panic");
  });
}

// Go's chains (rules P4, P9).
inline const std::vector<go_program> programs_that_panic = {
    {"a panic wrapped by another one, which is recovered",
     [] {
       with_defers([](frame& outer) {
         outer.defer([&outer] { println(text_of(outer.recover())); });
         with_defers([](frame& inner) {
           inner.defer([&inner] { panic("wrap: " + text_of(inner.recover())); });
           panic("bad");
         });
       });
       panic("again");
     },
     "wrap: bad\n", "panic: again\n", "panic"},
    {"a panic that is recovered, and one in a deferred call that runs later",
     [] {
       with_defers([](frame& outer) {
         outer.defer([&outer] { println(text_of(outer.recover())); });
         with_defers([](frame& inner) {
           inner.defer([] { panic("second panic"); });
           inner.defer([&inner] { println(text_of(inner.recover())); });
           panic("first panic");
         });
       });
       panic("third panic");
     },
     "first panic\nsecond panic\n", "panic: third panic\n", "panic"},
    {"a panic that is recovered within a deferred call",
     [] {
       with_defers([](frame& outer) {
         outer.defer([] {
           with_defers([](frame& inner) {
             inner.defer([&inner] { inner.recover(); });
             panic("second panic");
           });
         });
         panic("first panic");
       });
     },
     "", "panic: first panic\n", "panic"},
    {"a deferred call that recovers one panic and starts another",
     [] {
       with_defers([](frame& f) {
         f.defer([&f] {
           f.recover();
           panic("second panic");
         });
         panic("first panic");
       });
     },
     "", "panic: first panic [recovered]\n\tpanic: second panic\n", "panic"},
    {"a panic in a deferred call", panics_in_deferred_calls, "",
     "panic: first panic\n\tpanic: second panic\n", "panic"},
    {"a panic in a deferred call of a goroutine",
     [] {
       go(panics_in_deferred_calls);
       select{};
     },
     "", "panic: first panic\n\tpanic: second panic\n", "panic"},
    {"panics in deferred calls of nested frames",
     [] {
       with_defers([](frame& outer) {
         outer.defer([] { panic("third panic"); });
         panics_in_deferred_calls();
       });
     },
     "", "panic: first panic\n\tpanic: second panic\n\tpanic: third panic\n", "panic"},
    {"a panic in a frame within a deferred call",
     [] {
       with_defers([](frame& outer) {
         outer.defer(panics_in_deferred_calls);
         panic("a panic\nof two lines");
       });
     },
     "", "panic: a panic\n\tof two lines\n\tpanic: first panic\n\tpanic: second panic\n", "panic"},
    {"a panic that is recovered and raised again",
     [] {
       with_defers([](frame& f) {
         f.defer([&f] { std::rethrow_exception(f.recover()); });
         panic("message");
       });
     },
     "", "panic: message [recovered, repanicked]\n", "panic"},
    {"a panic that is raised again between two others",
     [] {
       with_defers([](frame& f1) {
         f1.defer([&f1] {
           f1.recover();
           panic("outer");
         });
         with_defers([](frame& f2) {
           f2.defer([&f2] { std::rethrow_exception(f2.recover()); });
           with_defers([](frame& f3) {
             f3.defer([&f3] {
               f3.recover();
               panic("middle");
             });
             panic("inner");
           });
         });
       });
     },
     "", "panic: inner [recovered]\n\tpanic: middle [recovered, repanicked]\n\tpanic: outer\n",
     "panic"},
    {"a panic that is raised again around another one",
     [] {
       std::exception_ptr outer;
       with_defers([&outer](frame& f1) {
         f1.defer([&] {
           f1.recover();
           std::rethrow_exception(outer);
         });
         with_defers([&outer](frame& f2) {
           f2.defer([&] {
             outer = f2.recover();
             panic("inner");
           });
           panic("outer");
         });
       });
     },
     "", "panic: outer [recovered]\n\tpanic: inner [recovered]\n\tpanic: outer\n", "panic"},
    {"the same value twice, not recovered",
     [] {
       const auto same = std::make_exception_ptr(std::runtime_error("message"));
       with_defers([&same](frame& f) {
         f.defer([&same] { std::rethrow_exception(same); });
         std::rethrow_exception(same);
       });
     },
     "", "panic: message\n\tpanic: message\n", "panic"},
    {"an exception nested in another one",
     [] {
       try {
         panic("first");
       } catch (...) {
         std::throw_with_nested(std::runtime_error("second"));
       }
     },
     "", "panic: first [recovered]\n\tpanic: second\n", "panic"},
    {"a panic of an empty text", [] { panic(""); }, "", "panic: \n", "panic"},
    {"a panic in a deferred call during exit",
     [] {
       with_defers([](frame& f) {
         f.defer([] { panic("hello"); });
         this_goroutine::exit();
       });
     },
     "", "panic: hello\n", "panic"},
    {"a deferred call that waits during a panic",
     [] {
       auto answer = make_chan<int>();
       go([answer]() mutable { answer.send(1); });
       with_defers([&answer](frame& f) {
         f.defer([&answer] {
           this_goroutine::yield();
           println(answer.recv().value);
         });
         panic("waited");
       });
     },
     "1\n", "panic: waited\n", "panic"},
};

inline const std::string no_goroutines =
    "fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n";

// Exits in main, of which none makes the exit undone (rules P10, P11).
inline const std::vector<go_program> programs_that_exit = {
    {"main exits, and then the others end",
     [] {
       for (int i = 0; i < 2; ++i) go([] { this_goroutine::yield(); });
       this_goroutine::exit();
     },
     "", no_goroutines, "deadlock"},
    {"an exit in a deferred call aborts the panic",
     [] {
       go([] {
         with_defers([](frame& f) {
           f.defer([] { this_goroutine::exit(); });
           panic("hello");
         });
       });
       this_goroutine::exit();
     },
     "", no_goroutines, "deadlock"},
    {"a panic during an exit is recovered within its deferred call",
     [] {
       with_defers([](frame& outer) {
         outer.defer([] {
           with_defers([](frame& inner) {
             inner.defer([&inner] { println(text_of(inner.recover())); });
             panic("hello");
           });
         });
         this_goroutine::exit();
       });
     },
     "hello\n", no_goroutines, "deadlock"},
    {"a panic during an exit is recovered by the next deferred call",
     [] {
       with_defers([](frame& f) {
         f.defer([&f] { println(text_of(f.recover())); });
         f.defer([] { panic("hello"); });
         this_goroutine::exit();
       });
       println("not reached");
     },
     "hello\n", no_goroutines, "deadlock"},
    {"a panic during an exit is recovered further out",
     [] {
       with_defers([](frame& outer) {
         outer.defer([&outer] { println(text_of(outer.recover())); });
         with_defers([](frame& inner) {
           inner.defer([] { panic("hello"); });
           this_goroutine::exit();
         });
         println("not reached");
       });
       println("not reached");
     },
     "hello\n", no_goroutines, "deadlock"},
    {"recover returns null during an exit",
     [] {
       const defer says([] { println("unwound"); });
       with_defers([](frame& f) {
         f.defer([&f] { println(text_of(f.recover())); });
         this_goroutine::exit();
       });
     },
     "<nil>\nunwound\n", no_goroutines, "deadlock"},
};

}  // namespace braid::testing
