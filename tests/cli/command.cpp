// Runs braid's command line; see command.hpp.
#include "cli/command.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <braid/main.hpp>
#include <braid/scenario.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace braid::testing {
namespace {

void set_environment(const variables& extra) {
  clearenv();
  setenv("LANG", "C.UTF-8", 1);
  for (const auto& [name, value] : extra) setenv(name.c_str(), value.c_str(), 1);
}

std::vector<char*> pointers_to(words& all) {
  std::vector<char*> pointers;
  for (std::string& word : all) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void become(const std::string& binary, const words& arguments,
                         const variables& extra) {
  words all = {binary};
  all.insert(all.end(), arguments.begin(), arguments.end());
  if (chdir(BRAID_SOURCE_DIR) != 0) std::abort();
  set_environment(extra);
  execv(binary.c_str(), pointers_to(all).data());
  std::abort();
}

}  // namespace

child_result braid_says(const words& arguments, const variables& extra) {
  return says(BRAID_BINARY, arguments, extra);
}

child_result says(const std::string& binary, const words& arguments, const variables& extra) {
  return run_in_child([&] { become(binary, arguments, extra); });
}

child_result braid_hears(const std::string& input, const words& arguments) {
  const temporary_file file(input);
  return run_in_child([&] {
    if (std::freopen(file.path().c_str(), "r", stdin) == nullptr) std::abort();
    become(BRAID_BINARY, arguments, {});
  });
}

child_result tool_says(const words& command, const variables& extra) {
  words all = command;
  return run_in_child([&] {
    const std::string path = std::getenv("PATH");
    if (chdir(BRAID_SOURCE_DIR) != 0) std::abort();
    set_environment(extra);
    setenv("PATH", path.c_str(), 1);
    execvp(all[0].c_str(), pointers_to(all).data());
    std::abort();
  });
}

bool has_tool(const std::string& name) {
  return tool_says({"sh", "-c", "command -v " + name}).code == 0;
}

child_result own_braid_says(const words& arguments, const std::function<void()>& prepare) {
  words all = {"braid"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_in_child([&] {
    set_environment({});
    prepare();
    _exit(command_line(static_cast<int>(all.size()), pointers_to(all).data()));
  });
}

void add_program(const std::string& name, void (*body)(int size)) {
  detail::registration(name, where{}, body, "of a test");
}

bool* shared_flag() {
  void* shared =
      mmap(nullptr, sizeof(bool), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) std::abort();
  return static_cast<bool*>(shared);
}

std::vector<nlohmann::json> json_lines(const child_result& said) {
  std::vector<nlohmann::json> all;
  for (const std::string& line : lines_of(said.out)) {
    INFO(line);
    REQUIRE(nlohmann::json::accept(line));
    all.push_back(nlohmann::json::parse(line));
  }
  return all;
}

nlohmann::json only_json(const child_result& said) {
  const std::vector<nlohmann::json> all = json_lines(said);
  INFO(said.err);
  REQUIRE(all.size() == 1);
  return all[0];
}

temporary_file::temporary_file(const std::string& content) : path_("/tmp/braid-test-XXXXXX") {
  const int fd = mkstemp(path_.data());
  REQUIRE(fd >= 0);
  REQUIRE(write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  close(fd);
}

temporary_file::~temporary_file() { unlink(path_.c_str()); }

std::string content_of(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t code_points(const std::string& line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace braid::testing
