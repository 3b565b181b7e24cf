// Numbers and texts as bytes: for results of jobs, which are handed over often and can be large.
// Small numbers take one byte.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace braid {

class packer {
 public:
  void number(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) bytes_ += static_cast<char>(n | 0x80);
    bytes_ += static_cast<char>(n);
  }
  void text(std::string_view t) {
    number(t.size());
    bytes_ += t;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads in the order in which it was packed. Throws std::invalid_argument beyond the end.
class unpacker {
 public:
  explicit unpacker(std::string_view bytes) : bytes_(bytes) {}

  bool is_at_end() const { return bytes_.empty(); }
  template <class Number>
  Number number() {
    std::uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes(1)[0]);
      n |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return static_cast<Number>(n);
    }
    throw std::invalid_argument("a number without an end");
  }
  std::string_view text() { return bytes(number<std::size_t>()); }

 private:
  std::string_view bytes(std::size_t n) {
    if (n > bytes_.size()) throw std::invalid_argument("packed bytes are cut off");
    const std::string_view taken = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return taken;
  }

  std::string_view bytes_;
};

}  // namespace braid
