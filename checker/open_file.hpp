// A file descriptor that is closed at the end, and reading and writing all of it.
#pragma once

#include <fcntl.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <string>
#include <string_view>

namespace braid {

// Where an operation fails errno says why.
class open_file {
 public:
  explicit open_file(const std::string& path, int flags)
      : fd_(open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  ~open_file() {
    if (fd_ >= 0) close(fd_);
  }

  bool is_open() const { return fd_ >= 0; }
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t n = ::write(fd_, text.data(), text.size());
      if (n < 0 && errno != EINTR) return false;
      if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  // Fails with EFBIG where there is more than `bytes_max`.
  bool read_all(std::string& to, std::size_t bytes_max = ~std::size_t{0}) const {
    std::array<char, 65536> part;
    for (;;) {
      if (to.size() > bytes_max) {
        errno = EFBIG;
        return false;
      }
      const ssize_t n = read(fd_, part.data(), part.size());
      if (n == 0) return true;
      if (n < 0 && errno != EINTR) return false;
      if (n > 0) to.append(part.data(), static_cast<std::size_t>(n));
    }
  }
  bool sync() const { return fsync(fd_) == 0; }

 private:
  const int fd_;
};

}  // namespace braid
