// Numbers as printable text; see packed.hpp.
#include "strategy/packed.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace braid {
namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr unsigned bits = 5;
constexpr unsigned more = 1u << bits;  // another digit follows
constexpr unsigned char no_digit = 0xff;

constexpr std::array<unsigned char, 256> values = [] {
  std::array<unsigned char, 256> table{};
  table.fill(no_digit);
  for (unsigned i = 0; i < digits.size(); ++i) {
    table[static_cast<unsigned char>(digits[i])] = static_cast<unsigned char>(i);
  }
  return table;
}();

[[noreturn]] void refuse() { throw std::invalid_argument("malformed packed text"); }

}  // namespace

void packer::number(std::uint64_t n) {
  for (; n >= more; n >>= bits) text_ += digits[more | (n & (more - 1))];
  text_ += digits[n];
}

void packer::signed_number(std::int64_t n) {
  const auto doubled = static_cast<std::uint64_t>(n) << 1;
  number(n < 0 ? ~doubled : doubled);
}

// 0 and the id, or from 1 its place among those before.
void packer::id(std::uint64_t id) {
  const auto found = std::find(ids_.begin(), ids_.end(), id);
  if (found != ids_.end()) return number(static_cast<std::uint64_t>(found - ids_.begin()) + 1);
  number(0);
  number(id);
  ids_.push_back(id);
}

std::uint64_t unpacker::number() {
  std::uint64_t n = 0;
  for (unsigned shift = 0; !text_.empty() && shift < 64; shift += bits) {
    const unsigned digit = values[static_cast<unsigned char>(text_.front())];
    if (digit == no_digit) refuse();
    text_.remove_prefix(1);
    n |= static_cast<std::uint64_t>(digit & (more - 1)) << shift;
    if (digit < more) return n;
  }
  refuse();
}

std::int64_t unpacker::signed_number() {
  const std::uint64_t n = number();
  return static_cast<std::int64_t>((n & 1) != 0 ? ~(n >> 1) : n >> 1);
}

std::uint64_t unpacker::id() {
  const std::uint64_t place = number();
  if (place > ids_.size()) refuse();
  if (place > 0) return ids_[place - 1];
  ids_.push_back(number());
  return ids_.back();
}

}  // namespace braid
