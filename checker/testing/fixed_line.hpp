// What a signal handler may print: nothing here allocates or locks.
#pragma once

#include <unistd.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "trace/execution.hpp"

namespace braid {

// A line that is written in one go.
class fixed_line {
 public:
  fixed_line& put(std::string_view text) {
    const std::size_t room = std::min(text.size(), bytes_.size() - size_);
    std::memcpy(bytes_.data() + size_, text.data(), room);
    size_ += room;
    return *this;
  }
  fixed_line& put(std::uint64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return put({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  // `after step 3, while g1 ran; BRAID_REPRODUCE=2g1 follows it`. The token is that of
  // text_of(schedule), which allocates.
  fixed_line& put_end_of(const execution& so_far);
  void write_out() { (void)!::write(STDERR_FILENO, bytes_.data(), size_); }

 private:
  std::array<char, 4096> bytes_;
  std::size_t size_ = 0;
};

// A name that is kept where it needs no allocation.
class fixed_name {
 public:
  void keep(const std::string& name) {
    size_ = std::min(name.size(), bytes_.size());
    std::copy_n(name.data(), size_, bytes_.data());
  }
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 200> bytes_{};
  std::size_t size_ = 0;
};

// The execution that runs in this process, or null.
const execution* running_execution();

}  // namespace braid
