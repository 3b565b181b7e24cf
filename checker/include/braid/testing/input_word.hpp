// From what the input of a property is generated again, as a word of letters and digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace braid::detail {

struct input_source {
  std::vector<std::uint8_t> reproduce = {};  // what rapidcheck serializes: generator, size, path
  std::vector<std::uint64_t> edits = {};     // and what was changed afterwards, in this order
};

std::string to_word(const input_source& source);
// Nothing if `word` is none.
std::optional<input_source> source_from_word(std::string_view word);

}  // namespace braid::detail
