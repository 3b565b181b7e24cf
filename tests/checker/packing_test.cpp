// Numbers and ids come back as they were packed, and bytes that no packer wrote are refused.
#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "packing.hpp"

namespace {

using braid::packer;
using braid::unpacker;

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

TEST_CASE("packed numbers come back", "[checker]") {
  packer into;
  for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{31}, std::uint64_t{32}, largest}) {
    into.number(n);
    into.signed_number(static_cast<std::int64_t>(n));
    into.id(n);
    into.id(n);
  }
  into.signed_number(std::numeric_limits<std::int64_t>::min());
  const std::string text = into.take();
  unpacker from(text);
  for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{31}, std::uint64_t{32}, largest}) {
    CHECK(from.number<std::uint64_t>() == n);
    CHECK(from.signed_number() == static_cast<std::int64_t>(n));
    CHECK(from.id() == n);
    CHECK(from.id() == n);
  }
  CHECK(from.signed_number() == std::numeric_limits<std::int64_t>::min());
  CHECK(from.is_at_end());
}

TEST_CASE("an id that comes again takes one byte", "[checker]") {
  packer into;
  into.id(largest);
  const std::size_t first = packer(into).take().size();
  into.id(largest);
  CHECK(into.take().size() == first + 1);
}

TEST_CASE("of many ids each is found again", "[checker]") {
  constexpr std::uint64_t many = 1000;
  packer into;
  for (std::uint64_t n = 0; n < 2 * many; ++n) into.id(largest - n % many);
  const std::string text = into.take();
  unpacker from(text);
  for (std::uint64_t n = 0; n < 2 * many; ++n) CHECK(from.id() == largest - n % many);
  CHECK(from.is_at_end());
  CHECK(text.size() < many * (1 + 10 + 2));  // each is there once
}

TEST_CASE("bytes that no packer wrote are refused", "[checker]") {
  CHECK_THROWS_AS(unpacker("").number<int>(), std::invalid_argument);
  CHECK_THROWS_AS(unpacker("\x80").number<int>(), std::invalid_argument);  // more should follow
  CHECK_THROWS_AS(unpacker(std::string(20, '\x80')).number<int>(), std::invalid_argument);
  CHECK_THROWS_AS(unpacker("\x05"
                           "abc")
                      .text(),
                  std::invalid_argument);
  CHECK_THROWS_AS(unpacker("\x02").id(), std::invalid_argument);  // the second, without a first
}

TEST_CASE("what is packed is unpacked, and bytes that are cut off are refused", "[checker]") {
  packer packed;
  const std::vector<std::uint64_t> numbers = {0, 1, 127, 128, 300, 1ULL << 35, ~0ULL};
  for (const std::uint64_t n : numbers) packed.number(n);
  packed.text(std::string("a\0b", 3));
  packed.text("");
  const std::string bytes = packed.take();
  unpacker whole(bytes);
  for (const std::uint64_t n : numbers) CHECK(whole.number<std::uint64_t>() == n);
  CHECK(whole.text() == std::string("a\0b", 3));
  CHECK(whole.text().empty());
  CHECK(whole.is_at_end());
  unpacker cut(std::string_view(bytes).substr(0, 3));
  CHECK(cut.number<int>() == 0);
  CHECK(cut.number<int>() == 1);
  CHECK(cut.number<int>() == 127);
  CHECK_THROWS_AS(cut.number<int>(), std::invalid_argument);
}

}  // namespace
