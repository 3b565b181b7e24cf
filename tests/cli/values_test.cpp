// Values of options and texts of reports, in this process.
#include "cli/values.hpp"

#include <catch2/catch.hpp>

#include "report/sampling.hpp"
#include "report/text.hpp"

namespace {

using namespace braid;
using namespace braid::cli;
using namespace std::chrono_literals;

const style unicode = {.unicode = true};
const style ascii = {};

TEST_CASE("times have a unit, are above zero and at most a year", "[cli]") {
  CHECK(to_time("500ms") == 500ms);
  CHECK(to_time("10s") == 10s);
  CHECK(to_time("1.5m") == 90s);
  CHECK(to_time("2h") == 2h);
  for (const char* bad : {"", "s", "10", "-1s", "0s", "1e3s", "10000h", "1d", " 1s", "1..5s"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(to_time(bad), bad_value);
  }
}

TEST_CASE("what a report quotes is what --expect reads", "[cli]") {
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  for (const std::string& text : {every, std::string("@ok"),
                                  std::string("1\x01"
                                              "1"),
                                  std::string("\xc3\xa9 \xe2\x9c\x93"), std::string("a\\nb")}) {
    for (const style& look : {unicode, ascii}) {
      std::string quoted = quote(text, look);
      quoted = quoted.substr(1, quoted.size() - 2);
      if (quoted.starts_with('@')) quoted = "\\" + quoted;
      CHECK(to_outcome(quoted).output == text);
    }
  }
}

TEST_CASE("quoted text has no byte that a terminal obeys", "[cli]") {
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  for (const char c : quote(every, ascii)) CHECK((c >= 0x20 && c < 0x7f));
  CHECK(quote("\xc2\x9b", unicode) == R"("\xc2\x9b")");          // CSI in one character
  CHECK(quote("\xe2\x80\xae", unicode) == R"("\xe2\x80\xae")");  // turns the line around
  CHECK(quote("\xed\xa0\x80", unicode) == R"("\xed\xa0\x80")");  // a surrogate
  CHECK(quote("\xc0\x80", unicode) == R"("\xc0\x80")");          // overlong
}

TEST_CASE("columns count wide characters twice and combining ones not at all", "[cli]") {
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("\u00e9") == 1);
  CHECK(columns_of("e\u0301") == 1);
  CHECK(columns_of("\u4e16\u754c") == 4);
  CHECK(columns_of("\xff") == 1);
}

TEST_CASE("folded lines fit and lose nothing but spaces", "[cli]") {
  const std::string text = "one two  three-and-a-long-word\\nfour \u4e16\u754c five";
  for (std::size_t width = 2; width < 50; ++width) {
    std::string joined;
    for (const std::string& line : fold(text, width)) {
      CHECK(columns_of(line) <= width);
      joined += line;
    }
    const auto without_spaces = [](std::string s) {
      std::erase(s, ' ');
      return s;
    };
    CHECK(without_spaces(joined) == without_spaces(text));
  }
  CHECK(fold("", 10) == std::vector<std::string>{""});
}

TEST_CASE("clipped text fits and says that something is missing", "[cli]") {
  CHECK(clip("abcdef", 6, unicode) == "abcdef");
  CHECK(clip("abcdefg", 6, unicode) == "abcde\u2026");
  CHECK(clip("abcdefg", 6, ascii) == "abc...");
}

TEST_CASE("numbers in words", "[cli]") {
  CHECK(with_commas(0) == "0");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(1000) == "1,000");
  CHECK(with_commas(12345678) == "12,345,678");
  CHECK(counted(1, "run") == "1 run");
  CHECK(counted(2, "run") == "2 runs");
  CHECK(in_words(0.0003) == "0.3 ms");
  CHECK(in_words(2.44) == "2.4 s");
  CHECK(in_words(125) == "2 min 5 s");
}

TEST_CASE("intervals are Wilson's, the chance of the unseen Good's and Turing's", "[cli]") {
  // By hand from Wilson's formula: 40.4 to 59.6 %, 0 to 3.7 %, 0.9 to 23.6 %.
  CHECK(reach_of_interval(50, 100) == Approx(0.0961685));
  CHECK(reach_of_interval(0, 100) == Approx(0.0369935));
  CHECK(reach_of_interval(1, 20) == Approx(0.186131));
  report r{.sampled = 10};
  r.outcomes = {{.sampled = 8}, {.sampled = 1}, {.sampled = 1}};
  CHECK(chance_of_unseen(r).chance == Approx(0.2));
  CHECK(!chance_of_unseen(r).is_bound);
  r.outcomes.resize(1);
  CHECK(chance_of_unseen(r).chance == Approx(0.3));
  CHECK(chance_of_unseen(r).is_bound);
}

}  // namespace
