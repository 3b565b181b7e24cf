// Files that the command line writes; see output_file.hpp.
#include "cli/output_file.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>

#include "cli/refusal.hpp"
#include "open_file.hpp"

namespace braid::cli {
namespace {

[[noreturn]] void refuse_writing_to(const std::string& path, int error) {
  throw refusal(exit_code::bad_file, "cannot write '" + path + "': " + strerror(error));
}

// Where a symbolic link leads: it is the file there that is to be replaced.
std::string without_links(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, error);
  return error || real.empty() ? path : real.string();
}

bool is_irregular(const std::string& path) {
  struct stat there {};
  return stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode);
}

std::string name_beside(const std::string& place) {
  return place + ".new" + std::to_string(getpid());
}

void write_to(const std::string& path, int flags, const std::string& text) {
  const open_file file(path, O_WRONLY | flags);
  if (!file.is_open() || !file.write(text)) refuse_writing_to(path, errno);
}

}  // namespace

void expect_files_apart(const std::vector<output_option>& all) {
  std::map<std::string, std::string_view> options;  // by file
  for (const auto& [option, path] : all) {
    if (path.empty() || is_irregular(path)) continue;
    const auto [other, is_new] = options.try_emplace(without_links(path), option);
    if (is_new) continue;
    refuse_usage("--" + std::string(other->second) + " and --" + std::string(option) +
                 " name the same file, '" + path + "'");
  }
}

void write_file(const std::string& path, const std::string& text) {
  if (is_irregular(path)) return write_to(path, 0, text);
  const std::string place = without_links(path);
  const std::string beside = name_beside(place);
  bool is_written = false;
  int error = 0;
  {
    const open_file file(beside, O_WRONLY | O_CREAT | O_EXCL);
    is_written = file.is_open() && file.write(text) && file.sync();
    error = errno;
    if (!file.is_open()) refuse_writing_to(path, error);
  }
  if (is_written && std::rename(beside.c_str(), place.c_str()) == 0) return;
  if (is_written) error = errno;
  unlink(beside.c_str());
  refuse_writing_to(path, error);
}

void expect_writable(const std::string& path) {
  if (is_irregular(path)) {
    if (std::filesystem::is_directory(path)) refuse_writing_to(path, EISDIR);
    if (::access(path.c_str(), W_OK) != 0) refuse_writing_to(path, errno);
    return;
  }
  const std::string beside = name_beside(without_links(path));
  const open_file file(beside, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.is_open()) refuse_writing_to(path, errno);
  unlink(beside.c_str());
}

void append_to_file(const std::string& path, const std::string& text) {
  write_to(path, O_CREAT | O_APPEND, text);
}

}  // namespace braid::cli
