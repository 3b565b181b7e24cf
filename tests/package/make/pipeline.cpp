// A generator and two workers. Linked with braid-main, this file is a command line:
//
//   ./pipeline explore pipeline
#include "pipeline.hpp"

#include <braid/braid.hpp>
#include <braid/scenario.hpp>

BRAID_SCENARIO("pipeline", "two workers square what a generator sends") {
  braid::println(sum_of_squares(generate({1, 2, 3})));
}
