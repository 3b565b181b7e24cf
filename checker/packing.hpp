// Numbers and texts as bytes: for jobs and their results, which are handed over often and can be
// large. Small numbers take one byte, and so does an id that was packed before.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  // Next to zero are the numbers that take one byte.
  void signed_number(std::int64_t n) {
    const auto doubled = static_cast<std::uint64_t>(n) << 1;
    number(n < 0 ? ~doubled : doubled);
  }
  // Of a process or an object: 64 bits that come again and again. 0 and the id, or from 1 its place
  // among those before.
  void id(std::uint64_t id) {
    const std::size_t place = place_of(id);
    if (place < ids_.size()) return number(place + 1);
    number(0);
    number(id);
    ids_.push_back(id);
  }
  std::string take() { return std::move(bytes_); }

 private:
  // Of so many it is quicker to look through them.
  static constexpr std::size_t few = 32;

  // Where it is, or would be.
  std::size_t place_of(std::uint64_t id) {
    if (ids_.size() <= few) {
      return static_cast<std::size_t>(std::find(ids_.begin(), ids_.end(), id) - ids_.begin());
    }
    while (places_.size() < ids_.size()) places_.emplace(ids_[places_.size()], places_.size());
    const auto found = places_.find(id);
    return found == places_.end() ? ids_.size() : found->second;
  }

  std::string bytes_;
  std::vector<std::uint64_t> ids_;               // in the order in which they came first
  std::map<std::uint64_t, std::size_t> places_;  // of ids_, if there are many
};

// Reads in the order in which it was packed. Throws std::invalid_argument for bytes that no packer
// wrote, and beyond the end.
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
  std::int64_t signed_number() {
    const auto n = number<std::uint64_t>();
    return static_cast<std::int64_t>((n & 1) != 0 ? ~(n >> 1) : n >> 1);
  }
  std::uint64_t id() {
    const auto place = number<std::size_t>();
    if (place > ids_.size()) throw std::invalid_argument("an id that was not packed before");
    if (place > 0) return ids_[place - 1];
    ids_.push_back(number<std::uint64_t>());
    return ids_.back();
  }

 private:
  std::string_view bytes(std::size_t n) {
    if (n > bytes_.size()) throw std::invalid_argument("packed bytes are cut off");
    const std::string_view taken = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return taken;
  }

  std::string_view bytes_;
  std::vector<std::uint64_t> ids_;
};

}  // namespace braid
