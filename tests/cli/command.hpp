// Runs braid's command line, for tests: the real binary, or with programs of a test's own.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/child.hpp"

namespace braid::testing {

using words = std::vector<std::string>;
using variables = std::map<std::string, std::string>;

// The binary with these arguments, in the source folder. Its environment is `extra` and a UTF-8
// locale, unless `extra` says otherwise.
child_result braid_says(const words& arguments, const variables& extra = {});
// The same of another binary.
child_result says(const std::string& binary, const words& arguments, const variables& extra = {});

// The same, where `input` is what it reads from stdin.
child_result braid_hears(const std::string& input, const words& arguments);

// The same command line in a child of this process, after `prepare`: there a test may register
// programs, which no other test sees.
child_result own_braid_says(const words& arguments, const std::function<void()>& prepare);

// Another program, found by PATH, in the source folder.
child_result tool_says(const words& command, const variables& extra = {});
bool has_tool(const std::string& name);

// Registers a program of a test.
void add_program(const std::string& name, void (*body)(int size));

// A flag that this process shares with the children it forks from now on; it is not freed.
bool* shared_flag();

// What --json prints: the objects of all lines. Fails the test if something else is on stdout.
std::vector<nlohmann::json> json_lines(const child_result& said);
nlohmann::json only_json(const child_result& said);

// A file that is removed again.
class temporary_file {
 public:
  explicit temporary_file(const std::string& content);
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string content_of(const std::string& path);
std::vector<std::string> lines_of(const std::string& text);
bool contains(const std::string& text, const std::string& part);
// Columns of UTF-8 without wide characters.
std::size_t code_points(const std::string& line);

}  // namespace braid::testing
