// Where long tokens go; see token_files.hpp.
#include "cli/token_files.hpp"

#include <unistd.h>

#include "checksum.hpp"
#include "cli/environment.hpp"
#include "open_file.hpp"
#include "trace/run_token.hpp"

namespace braid::cli {
namespace {

// The file may be there from before. What else is there is left alone: the folder is everybody's.
bool is_kept_in(const std::string& path, const std::string& text) {
  const open_file made(path, O_WRONLY | O_CREAT | O_EXCL);
  if (made.is_open()) {
    if (made.write(text)) return true;
    unlink(path.c_str());
    return false;
  }
  const open_file there(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  std::string found;
  return there.is_open() && there.read_all(found, text.size()) && found == text;
}

std::string path_for(const std::string& text) {
  const std::string folder = variable("TMPDIR");
  constexpr std::size_t digits = 8;
  return (folder.empty() ? "/tmp" : folder) + "/braid-" + in_hex(checksum(text)).substr(0, digits) +
         ".token";
}

}  // namespace

std::string token_files::word_for(const std::string& token) {
  if (token.size() <= token_length_max) return token;
  if (const auto known = words_.find(token); known != words_.end()) return known->second;
  if (words_.size() == files_max) return token;
  const std::string text = "# a schedule of " + program_ + "\n" + token + "\n";
  const std::string path = path_for(text);
  return words_[token] = is_kept_in(path, text) ? "@" + path : token;
}

}  // namespace braid::cli
