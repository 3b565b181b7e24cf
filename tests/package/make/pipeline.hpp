// A pipeline of goroutines and channels: the code that the program and the tests are about.
#pragma once

#include <braid/braid.hpp>
#include <vector>

// Sends the numbers, then closes.
inline braid::recv_chan<int> generate(std::vector<int> numbers) {
  auto out = braid::make_chan<int>();
  braid::go([out, numbers]() mutable {
    for (const int n : numbers) out.send(n);
    out.close();
  });
  return out;
}

// Two workers share what comes in; the result comes when both are done.
inline int sum_of_squares(braid::recv_chan<int> in) {
  auto sums = braid::make_chan<int>();
  for (int worker = 0; worker < 2; ++worker) {
    braid::go([in, sums]() mutable {
      int sum = 0;
      for (const int n : in) sum += n * n;
      sums.send(sum);
    });
  }
  const int first = sums.recv().value;
  return first + sums.recv().value;
}
