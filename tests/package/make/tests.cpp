// Tests of pipeline.hpp: random numbers through a pipeline, in every ordering.
#include <rapidcheck.h>
#include <algorithm>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "pipeline.hpp"

TEST_CASE("no number is lost or squared twice, whoever takes it") {
  CHECK(rc::check("the sum is that of the squares", [] {
    const auto digit = rc::gen::inRange(0, 10);
    const auto numbers = *rc::gen::resize(3, rc::gen::container<std::vector<int>>(digit));
    int expected = 0;
    for (const int n : numbers) expected += n * n;
    const braid::report all =
        braid::explore({"pipeline", [&] { braid::print(sum_of_squares(generate(numbers))); }});
    RC_ASSERT(all.complete);
    RC_ASSERT(all.findings.empty());
    RC_ASSERT(all.outcomes.size() == 1u);
    RC_ASSERT(all.outcomes[0].output == std::to_string(expected));
  }));
}
