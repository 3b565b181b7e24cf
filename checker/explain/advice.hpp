// What each verdict means, what usually causes it and what usually mends it: the text of
// `braid help VERDICT` and of docs/verdicts.md.
#pragma once

#include <braid/verdict.hpp>
#include <span>
#include <string>
#include <string_view>

namespace braid {

struct advice {
  verdict what;
  std::string_view meaning;
  std::string_view cause;
  std::string_view fix;
};

// In the order of the exit codes.
std::span<const advice> all_advice();
// Null if there is none.
const advice* advice_on(verdict what);

// docs/verdicts.md.
std::string advice_as_markdown();

}  // namespace braid
