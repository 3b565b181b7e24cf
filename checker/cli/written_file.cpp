// Files that the command line writes; see written_file.hpp.
#include "cli/written_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "cli/terminal.hpp"

namespace braid::cli {
namespace {

// Follows links: what takes the place of a link would leave its target as it is.
std::string target_of(const std::string& path) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

// Returns the number of the error, or 0.
int write_to(const std::string& path, int flags, mode_t mode, std::string_view text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, mode);
  if (fd < 0) return errno;
  int error = write_all(fd, text);
  if (error == 0 && (flags & O_CREAT) != 0 && fsync(fd) != 0) error = errno;
  if (close(fd) != 0 && error == 0) error = errno;
  return error;
}

int replace(const std::string& target, mode_t mode, std::string_view text) {
  const std::string beside = target + "." + std::to_string(getpid()) + ".new";
  int error = write_to(beside, O_CREAT | O_EXCL, mode, text);
  if (error == EEXIST) return error;
  if (error == 0 && std::rename(beside.c_str(), target.c_str()) != 0) error = errno;
  if (error != 0) unlink(beside.c_str());
  return error;
}

}  // namespace

std::string write_file(const std::string& path, std::string_view text) {
  const std::string target = target_of(path);
  struct stat there {};
  const bool is_there = stat(target.c_str(), &there) == 0;
  const bool is_file = !is_there || S_ISREG(there.st_mode) || S_ISDIR(there.st_mode);
  const mode_t mode = is_there ? there.st_mode & 0777 : 0666;
  const int error = is_file ? replace(target, mode, text) : write_to(target, 0, 0, text);
  return error == 0 ? "" : "cannot write '" + path + "': " + strerror(error);
}

}  // namespace braid::cli
