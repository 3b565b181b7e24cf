// Programs whose interleavings can be counted, for tests of searches.
#pragma once

#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <string>
#include <vector>

namespace braid::testing {

// Goroutines that take as many steps each as `lengths` says and write down who took one. The last
// step of each lets main go on, which prints what was written.
inline program walkers(std::vector<int> lengths) {
  return {"walkers", [=] {
            std::string seen;
            braid::wait_group all;
            all.add(static_cast<int>(lengths.size()));
            for (std::size_t i = 0; i < lengths.size(); ++i) {
              braid::go([&, i] {
                for (int k = 1; k < lengths[i]; ++k) {
                  braid::this_goroutine::yield();
                  seen += static_cast<char>('a' + i);
                }
                all.done();
                seen += static_cast<char>('a' + i);
              });
            }
            all.wait();
            braid::println(seen);
          }};
}

// Goroutines with private steps before their three writes to one variable.
inline program writers(std::vector<int> private_steps) {
  return {"writers", [=] {
            std::string seen;
            braid::var<int> x;
            braid::wait_group all;
            all.add(static_cast<int>(private_steps.size()));
            for (std::size_t i = 0; i < private_steps.size(); ++i) {
              braid::go([&, i] {
                for (int k = 0; k < private_steps[i]; ++k) braid::this_goroutine::yield();
                for (int k = 0; k < 3; ++k) {
                  x.write(k);
                  seen += static_cast<char>('a' + i);
                }
                all.done();
              });
            }
            all.wait();
            braid::println(seen);
          }};
}

// Nearly every execution has an output of its own, and a long schedule.
inline program long_walkers() { return walkers({60, 60, 60}); }

inline std::vector<program> small_programs() {
  return {walkers({2, 3}),
          writers({0, 1}),
          braid::find_program("lock-order"),
          braid::find_program("timeout"),
          {"chooses", [] {
             braid::var<int> x;
             braid::go([&] { x.write(braid::choose(3)); });
             braid::this_goroutine::yield();
             braid::println(x.read());
           }}};
}

}  // namespace braid::testing
