// Lines of the sources; see source_lines.hpp.
#include "report/source_lines.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace braid {
namespace {

namespace fs = std::filesystem;

constexpr unsigned lines_around = 5;
constexpr std::size_t columns_max = 300;
constexpr std::uintmax_t bytes_max = 8'000'000;  // of a source

// The lines that are wanted of each file.
using wanted_lines = std::map<std::string, std::set<unsigned>>;

wanted_lines lines_around_all(const std::vector<std::string>& places) {
  wanted_lines wanted;
  for (const std::string& place : places) {
    const std::size_t colon = place.rfind(':');
    if (colon == std::string::npos) continue;
    unsigned line = 0;
    const char* end = place.data() + place.size();
    const auto [stop, error] = std::from_chars(place.data() + colon + 1, end, line);
    if (error != std::errc{} || stop != end || line == 0) continue;
    std::set<unsigned>& of_file = wanted[place.substr(0, colon)];
    const unsigned first = line > lines_around ? line - lines_around : 1;
    for (unsigned i = first; i <= line + lines_around; ++i) of_file.insert(i);
  }
  return wanted;
}

bool is_source(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && fs::file_size(path, error) <= bytes_max;
}

// The file of this name: one of the sources, or else one beside them, or in the present folder.
// Empty if there is none, or if several sources have this name.
fs::path find_source(const std::string& name, const std::vector<std::string>& sources) {
  std::set<fs::path> named;
  std::set<fs::path> beside;
  for (const std::string& source : sources) {
    const fs::path path(source);
    if (path.filename() == name) named.insert(path.lexically_normal());
    beside.insert((path.parent_path() / name).lexically_normal());
  }
  if (named.size() > 1) return {};
  if (named.size() == 1 && is_source(*named.begin())) return *named.begin();
  for (const fs::path& path : beside) {
    if (is_source(path)) return path;
  }
  return is_source(name) ? fs::path(name) : fs::path();
}

json read_lines(const fs::path& path, const std::set<unsigned>& wanted) {
  json lines = json::object();
  std::ifstream in(path);
  unsigned number = 0;
  for (std::string line; std::getline(in, line);) {
    if (wanted.count(++number) == 0) continue;
    if (line.ends_with('\r')) line.pop_back();
    if (line.size() > columns_max) line = line.substr(0, columns_max) + "...";
    lines[std::to_string(number)] = line;
  }
  return lines;
}

}  // namespace

json source_lines(const std::vector<std::string>& places, const std::vector<std::string>& sources) {
  json result = json::object();
  for (const auto& [name, lines] : lines_around_all(places)) {
    const fs::path path = find_source(name, sources);
    if (path.empty()) continue;
    json read = read_lines(path, lines);
    if (!read.empty()) result[name] = std::move(read);
  }
  return result;
}

}  // namespace braid
