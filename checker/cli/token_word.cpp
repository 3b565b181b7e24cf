// Tokens in files; see token_word.hpp.
#include "cli/token_word.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "cli/input_file.hpp"
#include "cli/refusal.hpp"
#include "trace/run_token.hpp"

namespace braid::cli {
namespace {

// Empty if there is none.
std::string first_line_of(const std::string& text) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    line = trimmed(line);
    if (!line.empty() && line[0] != '#') return line;
  }
  return "";
}

}  // namespace

std::string trimmed(std::string text) {
  constexpr std::string_view blanks = " \t\r";
  text.erase(text.find_last_not_of(blanks) + 1);
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string::npos ? "" : text.substr(first);
}

std::string token_in_file(const std::string& path, const std::string& text) {
  const std::string line = first_line_of(text);
  const bool is_text =
      std::all_of(line.begin(), line.end(), [](unsigned char c) { return std::isprint(c) != 0; });
  if (!line.empty() && is_text) return line;
  throw refusal(exit_code::bad_file, "no token can be read from '" + path +
                                         "': it must be a file with a token on a line");
}

bool holds_token(const std::string& path) {
  try {
    const std::string line = first_line_of(text_of_file(path));
    return is_token(line);
  } catch (const refusal&) {
    return false;
  }
}

}  // namespace braid::cli
