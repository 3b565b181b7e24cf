// Fork and join: children compute squares, the parent joins each through its channel. Whatever the
// schedule, the sum is the same.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <vector>

BRAID_SCENARIO("fork-join", "children compute, the parent joins them through channels",
               {.expected = {"sum 14\n"}}) {
  std::vector<braid::chan<int>> results;
  for (int i = 1; i <= 3; ++i) {
    results.push_back(braid::make_chan<int>());
    braid::go([](braid::chan<int> result, int n) { result.send(n * n); }, results.back(), i);
  }
  int sum = 0;
  for (auto& result : results) sum += result.recv().value;
  braid::println("sum", sum);
}
