// How reports look on this terminal: its marks, colours and width.
//
// Nothing is told by colour alone, and every mark has a form in ASCII.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace braid {

struct style {
  bool color = false;
  bool unicode = false;
  std::size_t width = 100;  // columns
};

enum class ink : std::uint8_t { plain, faint, strong, good, bad, accent };

enum class mark : std::uint8_t {
  good,       // an outcome with nothing wrong
  unsure,     // an outcome that was not seen to its end, or a warning
  bad,        // the point of failure
  deviation,  // from the default schedule: the only choices that matter
  before,     // happens-before, to the right
  before_left,
  line,  // of an arrow, of a rule
  waits,
  gives,  // the value read
  ellipsis,
  range,    // from - to
  repeats,  // a loop
  plus_minus,
};

std::string_view text_of(mark m, const style& look);

// Whether the environment asks for UTF-8, as setlocale() chooses.
bool is_utf8_locale();

// The text in that colour, if the terminal has colours.
std::string painted(std::string_view text, ink color, const style& look);

}  // namespace braid
