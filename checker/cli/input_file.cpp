// Files that a user names; see input_file.hpp.
#include "cli/input_file.hpp"

#include <cstring>

#include "cli/refusal.hpp"
#include "open_file.hpp"

namespace braid::cli {
namespace {

constexpr std::size_t input_bytes_max = std::size_t{1} << 28;

}  // namespace

std::string text_of_file(const std::string& path) {
  const open_file file(path == "-" ? "/dev/stdin" : path, O_RDONLY);
  std::string text;
  if (file.is_open() && file.read_all(text, input_bytes_max)) return text;
  const std::string why = errno == EFBIG ? "it has more than 256 MiB" : std::strerror(errno);
  throw refusal(exit_code::bad_file, "cannot read " + name_of_file(path) + ": " + why);
}

std::string name_of_file(const std::string& path) {
  return path == "-" ? "stdin" : "'" + path + "'";
}

}  // namespace braid::cli
