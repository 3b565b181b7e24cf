// --warn-foreign-unlock on the command line: what is printed, and that nothing else changes.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

constexpr unsigned made_line = __LINE__ + 2;
void hand_over(int) {
  braid::mutex lock;
  auto ready = braid::make_chan<int>();
  lock.lock();  // made_line + 2
  braid::go([&, ready]() mutable {
    lock.unlock();  // made_line + 4
    ready.send(1);
  });
  ready.recv();
}

void prepare() { add_program("hand-over", hand_over); }

std::string place(unsigned line) { return "foreign_unlock_test.cpp:" + std::to_string(line); }

std::string line_of_warning(const std::string& token) {
  return "warning  mutex1 (" + place(made_line) + "), locked by main " + place(made_line + 2) +
         ", is unlocked by g1 " + place(made_line + 4) + "   replay " + token + "\n";
}

// Folded lines as one.
std::string unfolded(std::string text) {
  for (std::size_t at = 0; (at = text.find("\n             ", at)) != std::string::npos;) {
    text.replace(at, 14, " ");
  }
  return text;
}

TEST_CASE("explore, replay and merge print a line for a foreign unlock, and exit with 0",
          "[cli][M2]") {
  const child_result json_said =
      own_braid_says({"explore", "hand-over", "--json", "--warn-foreign-unlock"}, prepare);
  CHECK(json_said.code == 0);
  const json result = only_json(json_said);
  const std::string token = result["outcomes"][0]["token"];
  CHECK(result["warnings"] == json::array({{{"warning", "foreign-unlock"},
                                            {"object", "mutex1"},
                                            {"made_at", place(made_line)},
                                            {"locked_by", "main"},
                                            {"locked_at", place(made_line + 2)},
                                            {"unlocked_by", "g1"},
                                            {"unlocked_at", place(made_line + 4)},
                                            {"token", token}}}));

  const words wide = {"--width", "300", "--warn-foreign-unlock"};
  const auto says = [&](words command) {
    command.insert(command.end(), wide.begin(), wide.end());
    const child_result said = own_braid_says(command, prepare);
    CHECK(said.code == 0);
    return said.out;
  };
  CHECK(contains(says({"explore", "hand-over"}), line_of_warning(token)));
  CHECK(contains(says({"explore", "hand-over", "-j", "2"}), line_of_warning(token)));
  CHECK(contains(says({"replay", "hand-over", token}), line_of_warning(token)));
  CHECK_FALSE(contains(says({"explore", "hand-over", "-q"}), "warning"));
  const json replayed = only_json(
      own_braid_says({"replay", "hand-over", token, "--json", "--warn-foreign-unlock"}, prepare));
  CHECK(replayed["warnings"] == result["warnings"]);
}

TEST_CASE("shards keep their warnings in files, and merge prints them", "[cli][M2]") {
  const auto shard = [](const std::string& part) {
    return own_braid_says(
               {"explore", "hand-over", "--json", "--warn-foreign-unlock", "--shard", part},
               prepare)
        .out;
  };
  const temporary_file one(shard("0/2"));
  const temporary_file two(shard("1/2"));
  const json whole = only_json(
      own_braid_says({"explore", "hand-over", "--json", "--warn-foreign-unlock"}, prepare));
  const child_result sum = own_braid_says({"merge", one.path(), two.path(), "--json"}, prepare);
  CHECK(sum.code == 0);
  CHECK(only_json(sum)["warnings"] == whole["warnings"]);
  const child_result text =
      own_braid_says({"merge", one.path(), two.path(), "--width", "300"}, prepare);
  CHECK(contains(text.out, line_of_warning(whole["warnings"][0]["token"])));
}

TEST_CASE("the variable BRAID_WARN_FOREIGN_UNLOCK asks for warnings, and without it there are none",
          "[cli][M2]") {
  const auto warnings = [](bool asked) {
    return only_json(own_braid_says({"explore", "hand-over", "--json"}, [asked] {
      if (asked) setenv("BRAID_WARN_FOREIGN_UNLOCK", "1", 1);
      prepare();
    }))["warnings"];
  };
  CHECK(warnings(true).size() == 1);
  CHECK(warnings(false) == json::array());
}

TEST_CASE("a warning is folded to the width", "[cli][M2]") {
  const child_result said =
      own_braid_says({"explore", "hand-over", "--warn-foreign-unlock", "--width", "60"}, prepare);
  for (const std::string& line : lines_of(said.out)) CHECK(code_points(line) <= 60);
  CHECK(contains(unfolded(said.out), "locked by main " + place(made_line + 2)));
}

}  // namespace
