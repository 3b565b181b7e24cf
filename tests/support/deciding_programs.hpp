// Small programs which together have decisions of every kind: goroutines, timers, cases, values.
#pragma once

#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <chrono>
#include <vector>

namespace braid::testing {

inline constexpr std::chrono::seconds second(1);

inline std::vector<program> deciding_programs() {
  return {
      find_program("foo-vs-after"),
      find_program("direct-goroutine-going"),
      find_program("timeout"),
      find_program("lock-order"),
      find_program("send-on-closed"),
      {"alarms",
       [] {
         for (int i = 0; i < 3; ++i) {
           go([i] {
             sleep_for(second);
             println(i);
           });
         }
         after_func(second, [] { println("later"); });
         sleep_for(2 * second);
       }},
      {"choices",
       [] {
         auto box = make_chan<int>(2);
         box.send(static_cast<int>(choose(3)));
         go([=]() mutable { println(select{recv(box), send(box, 5)}); });
         println(random() % 4);
         if (choose(4) == 3) exit(7);
         after(second).recv();
         println(box.size());
       }},
  };
}

}  // namespace braid::testing
