// Inputs as words; see <braid/testing/input_word.hpp>.
//
// A generator of rapidcheck begins with four times the same 64 bits, until it is split so often
// that it is mixed: then three of them are left out.
#include <braid/testing/input_word.hpp>

#include <algorithm>

#include "packing.hpp"

namespace braid::detail {
namespace {

constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";  // base 32, no i l o u
constexpr std::size_t key_bytes = 32;
constexpr std::size_t seed_bytes = 8;

std::string in_letters(std::string_view bytes) {
  std::string text;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (held += 8; held >= 5; held -= 5) text += letters[bits >> (held - 5) & 31];
    bits &= (1U << held) - 1;
  }
  if (held > 0) text += letters[bits << (5 - held) & 31];
  return text;
}

std::optional<std::string> from_letters(std::string_view text) {
  std::string bytes;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const std::size_t value = letters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 5 | static_cast<unsigned>(value);
    held += 5;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held);
    bits &= (1U << held) - 1;
  }
  return bytes;
}

bool repeats_its_seed(const std::string& bytes) {
  if (bytes.size() < key_bytes) return false;
  const std::string_view key(bytes.data(), key_bytes);
  return key.substr(0, key_bytes - seed_bytes) == key.substr(seed_bytes);
}

}  // namespace

std::string to_word(const input_source& source) {
  std::string bytes(source.reproduce.begin(), source.reproduce.end());
  const bool is_short = repeats_its_seed(bytes);
  if (is_short) bytes.erase(seed_bytes, key_bytes - seed_bytes);
  packer packs;
  packs.number(is_short ? 1 : 0);
  packs.text(bytes);
  packs.number(source.edits.size());
  for (const std::uint64_t edit : source.edits) packs.number(edit);
  return in_letters(packs.take());
}

std::optional<input_source> source_from_word(std::string_view word) {
  const std::optional<std::string> packed = from_letters(word);
  if (!packed) return std::nullopt;
  try {
    unpacker unpacks(*packed);
    const bool is_short = unpacks.number<int>() == 1;
    std::string bytes(unpacks.text());
    if (is_short) {
      const std::string seed = bytes.substr(0, seed_bytes);
      bytes.insert(0, seed + seed + seed);
    }
    input_source source{.reproduce = {bytes.begin(), bytes.end()}};
    for (auto left = unpacks.number<std::size_t>(); left > 0; --left) {
      source.edits.push_back(unpacks.number<std::uint64_t>());
    }
    return source;
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

}  // namespace braid::detail
