// Decisions by stable names, as regressions have them: see <braid/regression.hpp>.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace braid {

struct named_decision {
  // Who goes first; empty: a choice within the operation.
  std::string actor = {};
  // What the default schedule would do, or the operation that chooses.
  std::string operation = {};
  std::uint32_t takes = 0;
  std::uint32_t of = 0;
};

std::string text_of(const named_decision& d);
// Nothing if `text` is no such line.
std::optional<named_decision> parse_decision(std::string_view text);

}  // namespace braid
