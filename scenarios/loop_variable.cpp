// The goroutines see the loop's variable, not the value that it had when they were started.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

// `size` goroutines print what the shared variable holds when they come to read it: their own
// number or a later one, up to the value that ends the loop. Nothing orders their reads and the
// loop's writes.
static braid::expected_outcomes outputs() {
  braid::expected_outcomes all;
  for (const char* output :
       {"0\n1\n", "0\n2\n", "1\n1\n", "1\n2\n", "2\n1\n", "2\n2\n", "1\n0\n", "2\n0\n"}) {
    all.emplace_back(output, "race");
  }
  return all;
}

BRAID_SCENARIO("loop-variable", "goroutines capture the loop variable by reference",
               {.expected = outputs()}) {
  braid::wait_group workers;
  braid::var<int> i = 0;
  for (; i.read() < 2; i.write(i.read() + 1)) {
    workers.add(1);
    braid::go([&] {
      const int seen = i.read();
      braid::println(seen);
      workers.done();
    });
  }
  workers.wait();
}
