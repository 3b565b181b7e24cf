// What the operations of the production scheduler cost, one row at a time; main.go has the same
// rows in Go, and scripts/bench-go runs both in turn.
//
//   braid-beside-go                  the rows, and how many operations each does
//   braid-beside-go ROW [WORKERS]    nanoseconds for one operation, or KiB for the row of memory
#include <braid/braid.hpp>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using braid::chan;
using braid::make_chan;
using braid::wait_group;

void spawn_and_join(std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    wait_group one;
    one.go([] {});
    one.wait();
  }
}

void spawn_many(std::int64_t n) {
  wait_group all;
  for (std::int64_t i = 0; i < n; ++i) all.go([] {});
  all.wait();
}

void yield_in_turn(std::int64_t n) {
  wait_group both;
  for (int g = 0; g < 2; ++g) {
    both.go([n] {
      for (std::int64_t i = 0; i < n / 2; ++i) braid::this_goroutine::yield();
    });
  }
  both.wait();
}

void round_trip(std::int64_t n) {
  auto there = make_chan<std::int64_t>();
  auto back = make_chan<std::int64_t>();
  braid::go([=] {
    for (const std::int64_t i : there) back.send(i);
  });
  for (std::int64_t i = 0; i < n; ++i) {
    there.send(i);
    back.recv();
  }
  there.close();
}

// `pairs` senders and as many receivers on one channel with room for 100.
void through_buffer(std::int64_t n, int pairs) {
  auto c = make_chan<std::int64_t>(100);
  wait_group all;
  for (int p = 0; p < pairs; ++p) {
    all.go([=] {
      for (std::int64_t i = 0; i < n / pairs; ++i) c.send(i);
    });
    all.go([=] {
      for (std::int64_t i = 0; i < n / pairs; ++i) c.recv();
    });
  }
  all.wait();
}

void select_over_4(std::int64_t n) {
  chan<std::int64_t> from[4];
  for (auto& c : from) {
    c = make_chan<std::int64_t>();
    braid::go([=] {
      for (std::int64_t i = 0; i < n / 4; ++i) c.send(i);
    });
  }
  std::int64_t value = 0;
  for (std::int64_t i = 0; i < n / 4 * 4; ++i) {
    braid::select{braid::recv(from[0], value), braid::recv(from[1], value),
                  braid::recv(from[2], value), braid::recv(from[3], value)};
  }
}

void lock_in_turn(std::int64_t n, int goroutines) {
  braid::mutex m;
  wait_group all;
  std::int64_t count = 0;
  for (int g = 0; g < goroutines; ++g) {
    all.go([&] {
      for (std::int64_t i = 0; i < n / goroutines; ++i) {
        const braid::lock_guard held(m);
        ++count;
      }
    });
  }
  all.wait();
}

// A tree of goroutines with ten children each, the sums of which go up.
void skynet_node(const chan<std::int64_t>& to, std::int64_t number, std::int64_t leaves) {
  if (leaves == 1) {
    to.send(number);
    return;
  }
  auto from = make_chan<std::int64_t>();
  for (int i = 0; i < 10; ++i) {
    braid::go([=] { skynet_node(from, number + i * (leaves / 10), leaves / 10); });
  }
  std::int64_t sum = 0;
  for (int i = 0; i < 10; ++i) sum += from.recv().value;
  to.send(sum);
}

void skynet(std::int64_t leaves) {
  auto sum = make_chan<std::int64_t>();
  braid::go([=] { skynet_node(sum, 0, leaves); });
  sum.recv();
}

// A goroutine for each prime, which lets pass what it does not divide.
void sieve(std::int64_t primes) {
  auto numbers = make_chan<std::int64_t>();
  braid::go([numbers] {
    for (std::int64_t i = 2;; ++i) numbers.send(i);
  });
  for (std::int64_t i = 0; i < primes; ++i) {
    const std::int64_t prime = numbers.recv().value;
    auto left = make_chan<std::int64_t>();
    braid::go([=] {
      for (;;) {
        const std::int64_t number = numbers.recv().value;
        if (number % prime != 0) left.send(number);
      }
    });
    numbers = left;
  }
}

void ring(std::int64_t hops) {
  constexpr int goroutines = 1000;
  auto first = make_chan<std::int64_t>();
  auto from = first;
  for (int g = 0; g < goroutines; ++g) {
    auto to = make_chan<std::int64_t>();
    braid::go([=] {
      for (const std::int64_t hop : from) to.send(hop);
    });
    from = to;
  }
  for (std::int64_t i = 0; i < hops / goroutines; ++i) {
    first.send(i);
    from.recv();
  }
}

void arm_and_stop(std::int64_t n) {
  constexpr int outstanding = 100'000;
  std::vector<braid::timer> others;
  others.reserve(outstanding);
  for (int i = 0; i < outstanding; ++i) others.emplace_back(std::chrono::hours(1));
  for (std::int64_t i = 0; i < n; ++i) {
    braid::timer one(std::chrono::seconds(10));
    one.stop();
  }
  for (braid::timer& t : others) t.stop();
}

std::int64_t fibonacci(std::int64_t n) {
  if (n < 2) return n;
  std::int64_t first = 0;
  wait_group other;
  other.go([&] { first = fibonacci(n - 1); });
  const std::int64_t second = fibonacci(n - 2);
  other.wait();
  return first + second;
}

// Of this process, resident.
double kibibytes() {
  std::ifstream pages("/proc/self/statm");
  double all = 0;
  double resident = 0;
  pages >> all >> resident;
  return resident * 4;
}

// All of `n` goroutines wait at once. Returns what each adds to the process.
double park(std::int64_t n) {
  const double before = kibibytes();
  auto start = make_chan<int>();
  wait_group waiting;
  wait_group all;
  waiting.add(static_cast<int>(n));
  for (std::int64_t i = 0; i < n; ++i) {
    all.go([&, start] {
      waiting.done();
      start.recv();
    });
  }
  waiting.wait();
  const double with_all = kibibytes();
  start.close();
  all.wait();
  return (with_all - before) / static_cast<double>(n);
}

struct row {
  std::string_view name;
  std::int64_t operations;
  std::function<void(std::int64_t)> run;
};

const std::vector<row> rows = {
    {"spawn-and-join", 1'000'000, spawn_and_join},
    {"spawn-many", 1'000'000, spawn_many},
    {"yield", 4'000'000, yield_in_turn},
    {"round-trip", 1'000'000, round_trip},
    {"buffered-1x1", 4'000'000, [](std::int64_t n) { through_buffer(n, 1); }},
    {"buffered-4x4", 4'000'000, [](std::int64_t n) { through_buffer(n, 4); }},
    {"select-4", 1'000'000, select_over_4},
    {"mutex-2", 8'000'000, [](std::int64_t n) { lock_in_turn(n, 2); }},
    {"mutex-1000", 8'000'000, [](std::int64_t n) { lock_in_turn(n, 1000); }},
    {"skynet", 100'000, skynet},
    {"sieve", 1000, sieve},
    {"ring", 2'000'000, ring},
    {"timer", 1'000'000, arm_and_stop},
    {"fibonacci-24", 1, [](std::int64_t) { fibonacci(24); }},
    {"park", 100'000, park},
};
constexpr std::string_view memory_row = "park-memory";

// The first of two runs touches the memory for the first time.
double nanoseconds(const row& r) {
  r.run(std::max<std::int64_t>(r.operations / 10, 1));
  const braid::time_point begin = braid::clock::now();
  r.run(r.operations);
  const std::chrono::nanoseconds time = braid::clock::now() - begin;
  return static_cast<double>(time.count()) / static_cast<double>(r.operations);
}

int list() {
  for (const row& r : rows) std::cout << r.name << ' ' << r.operations << '\n';
  std::cout << memory_row << " 100000\n";
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return list();
  const std::string_view asked = arguments[1];
  braid::run_options options;
  if (count > 2) options.workers = static_cast<unsigned>(std::atoi(arguments[2]));
  if (asked == memory_row) {
    return braid::run([] { std::cout << park(100'000) << std::endl; }, options);
  }
  for (const row& r : rows) {
    if (r.name != asked) continue;
    return braid::run([&r] { std::cout << nanoseconds(r) << std::endl; }, options);
  }
  std::cerr << "braid-beside-go: no row '" << asked << "'\n";
  return 129;
}
