// The folder of regressions; see regression_files.hpp.
#include "testing/regression_files.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace braid {
namespace {

namespace fs = std::filesystem;

// BRAID_REGRESSIONS; set but empty: none.
fs::path regressions_folder() {
  const char* const set = std::getenv("BRAID_REGRESSIONS");
  return set == nullptr ? fs::path("tests/regressions") : fs::path(set);
}

bool is_under_ci() {
  const char* const set = std::getenv("CI");
  return set != nullptr && *set != '\0' && std::string_view(set) != "false";
}

// `Transfers keep the sum!` as `transfers-keep-the-sum`.
std::string as_file_name(std::string_view name) {
  constexpr std::size_t length_max = 60;
  std::string file;
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0) {
      file += static_cast<char>(std::tolower(letter));
    } else if (!file.empty() && file.back() != '-') {
      file += '-';
    }
  }
  file.resize(std::min(file.size(), length_max));
  while (file.ends_with('-')) file.pop_back();
  return file.empty() ? "program" : file;
}

}  // namespace

std::vector<regression_file> regressions_of(
    const std::string& program, const std::function<void(const std::string& why)>& refused) {
  std::vector<regression_file> found;
  std::error_code error;
  std::vector<fs::path> paths;
  for (const fs::directory_entry& file : fs::directory_iterator(regressions_folder(), error)) {
    if (file.path().extension() == ".braid") paths.push_back(file.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    std::ifstream in(path);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    try {
      regression content = parse_regression(text);
      if (content.program == program) found.push_back({path.string(), std::move(content)});
    } catch (const unusable_file& why) {
      refused(path.string() + ": " + why.what());
    }
  }
  return found;
}

std::string keep_regression(const regression& r) {
  const fs::path folder = regressions_folder();
  std::error_code error;
  if (is_under_ci() || folder.empty() || !fs::is_directory(folder, error)) return "";
  // A number tells apart the failures of one program, and programs with names that come to one.
  for (int number = 1;; ++number) {
    const fs::path path =
        folder / (as_file_name(r.program) + "-" + std::to_string(number) + ".braid");
    if (fs::exists(path, error)) continue;
    std::ofstream out(path);
    out << text_of(r);
    out.close();
    return out ? path.string() : "";
  }
}

}  // namespace braid
