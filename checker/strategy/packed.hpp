// Numbers as printable text, for what jobs hold in bulk: about a character for a small number, and
// for an id that was written before.
//
// A digit holds five bits, the lowest first, and says whether more of the number follows. The
// digits are those of base64, so that the text needs no quoting in JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace braid {

class packer {
 public:
  void number(std::uint64_t n);
  void signed_number(std::int64_t n);
  // Of a process or an object: some 64 bits that come again and again.
  void id(std::uint64_t id);
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::vector<std::uint64_t> ids_;  // in the order in which they came first
};

// Reads back what was written, in the same order. Throws std::invalid_argument for text that no
// packer wrote.
class unpacker {
 public:
  explicit unpacker(std::string_view text) : text_(text) {}
  std::uint64_t number();
  std::int64_t signed_number();
  std::uint64_t id();
  bool is_at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
  std::vector<std::uint64_t> ids_;
};

}  // namespace braid
