// Text of programs and numbers, as a terminal can show them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/style.hpp"

namespace braid {

// How many columns UTF-8 text takes: East Asian wide characters take two, combining ones none.
std::size_t columns_of(std::string_view text);

// One line without control characters: those, invalid UTF-8, and where the terminal has only ASCII
// everything beyond it, become C escapes.
std::string printable(std::string_view text, const style& look);

// As a C string literal. What --expect reads back: an \x has two digits at most.
std::string quote(std::string_view text, const style& look);

// Lines of at most `width` columns, broken at spaces where there are some, else after dots.
// REQUIRES: width > 0.
std::vector<std::string> fold(std::string_view text, std::size_t width);

// In quotes if a shell would not take it for one word.
std::string shell_word(const std::string& text);

// Cut to `width` columns, with an ellipsis if something is missing.
std::string clip(std::string_view text, std::size_t width, const style& look);

// 1234567 as 1,234,567.
std::string with_commas(std::uint64_t number);
// `1 run`, `2 runs`.
std::string counted(std::uint64_t number, std::string_view noun);
// 0.00034 as `0.3 ms`.
std::string in_words(double seconds);
// 40123 as `40 k`: two or three digits.
std::string in_short(double number);
// 83 as `1:23`, 3,700 as `1:01:40`.
std::string as_clock(double seconds);
// `%.*f`.
std::string fixed(double number, int digits);

}  // namespace braid
