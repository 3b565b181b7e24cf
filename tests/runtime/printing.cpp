// How numbers are printed. The oracle is Go 1.26: the tables are what its fmt.Sprint gives for the
// floating-point numbers of these bits.
#include <bit>
#include <braid/print.hpp>
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace {

constexpr std::pair<std::uint64_t, std::string_view> doubles[] = {
    {0x0, "0"},
    {0x8000000000000000, "-0"},
    {0x3ff0000000000000, "1"},
    {0xbff0000000000000, "-1"},
    {0x3fb999999999999a, "0.1"},
    {0x3fe0000000000000, "0.5"},
    {0x3ff8000000000000, "1.5"},
    {0x4059000000000000, "100"},
    {0x40f86a0000000000, "100000"},
    {0x40fe240000000000, "123456"},
    {0x412e848000000000, "1e+06"},
    {0x40fe240b33333333, "123456.7"},
    {0x4132d68700000000, "1.234567e+06"},
    {0x419d6f3454000000, "1.23456789e+08"},
    {0x41678c29dccccccd, "1.23456789e+07"},
    {0x3f1a36e2eb1c432d, "0.0001"},
    {0x3f202e4b6ce5dc68, "0.00012345"},
    {0x3ee4f8b588e368f1, "1e-05"},
    {0x3ee9e0fcaf9380fc, "1.234e-05"},
    {0x430c6bf526340000, "1e+15"},
    {0x4341c37937e08000, "1e+16"},
    {0x437b69b4ba630f35, "1.2345678901234568e+17"},
    {0x4415af1d78b58c40, "1e+20"},
    {0x441ac53a7e04bcda, "1.2345678901234568e+20"},
    {0x444b1ae4d6e2ef50, "1e+21"},
    {0x4454542ba12a337c, "1.5e+21"},
    {0x4480f0cf064dd592, "1e+22"},
    {0x54b249ad2594c37d, "1e+100"},
    {0x2b2bff2ee48e0530, "1e-100"},
    {0x3fd3333333333333, "0.3"},
    {0x3fd5555555555555, "0.3333333333333333"},
    {0x400921fb54442d18, "3.141592653589793"},
    {0x7fefffffffffffff, "1.7976931348623157e+308"},
    {0x1, "5e-324"},
    {0x4340000000000000, "9.007199254740992e+15"},
    {0x10000000000000, "2.2250738585072014e-308"},
    {0x40f869fe66666666, "99999.9"},
    {0x412e847fcccccccd, "999999.9"},
    {0x416312cfe0000000, "9.999999e+06"},
    {0x416312d000000000, "1e+07"},
    {0x445043561a882930, "1.2e+21"},
    {0x7ff0000000000000, "+Inf"},
    {0xfff0000000000000, "-Inf"},
    {0x7ff8000000000001, "NaN"},
    {0x4011666666666666, "4.35"},
    {0x3eb4b66da6c0b2a4, "1.2345678e-06"},
    {0x41b1de784a000000, "2.99792458e+08"},
    {0x44dfe185ca57c517, "6.02214076e+23"},
    {0xc071126666666666, "-273.15"},
    {0xbe7ad7f29abcaf48, "-1e-07"},
};

constexpr std::pair<std::uint32_t, std::string_view> floats[] = {
    {0x0, "0"},
    {0x3dcccccd, "0.1"},
    {0x3eaaaaab, "0.33333334"},
    {0x4b800000, "1.6777216e+07"},
    {0x47c35000, "100000"},
    {0x47f1205a, "123456.7"},
    {0x49742400, "1e+06"},
    {0x501502f9, "1e+10"},
    {0x60ad78ec, "1e+20"},
    {0x6258d727, "1e+21"},
    {0x38d1b717, "0.0001"},
    {0x3727c5ac, "1e-05"},
    {0x7f7fffff, "3.4028235e+38"},
    {0x1, "1e-45"},
    {0x3e99999a, "0.3"},
    {0x40490fdb, "3.1415927"},
    {0xc0200000, "-2.5"},
};

template <class T>
std::string printed(const T& value) {
  std::string text;
  braid::detail::append(text, value);
  return text;
}

TEST_CASE("floating-point numbers are printed as Go prints them", "[runtime]") {
  for (const auto& [bits, text] : doubles) CHECK(printed(std::bit_cast<double>(bits)) == text);
  for (const auto& [bits, text] : floats) CHECK(printed(std::bit_cast<float>(bits)) == text);
}

}  // namespace
