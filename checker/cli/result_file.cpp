// Files that --json printed; see result_file.hpp.
#include "cli/result_file.hpp"

#include <sstream>

#include "cli/input_file.hpp"
#include "cli/refusal.hpp"
#include "trace/option_names.hpp"

namespace braid::cli {
namespace {

// Throws json::exception or std::invalid_argument for what is no result.
std::vector<saved_result> results_in(std::istream& in) {
  std::vector<saved_result> all;
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const braid::json result = braid::json::parse(line);
    all.push_back({.about = report_from_json(result), .told = histories_from_json(result)});
  }
  return all;
}

}  // namespace

std::vector<saved_result> read_results_in(const std::string& path, std::string_view command) {
  std::istringstream in(text_of_file(path));
  std::vector<saved_result> all;
  try {
    all = results_in(in);
  } catch (const unfit_field& why) {
    throw refusal(exit_code::bad_file, name_of_file(path) + " is no result: " + why.what());
  } catch (const std::exception&) {
    all.clear();
  }
  if (!all.empty()) return all;
  throw refusal(exit_code::bad_file,
                name_of_file(path) + " is no result; write one with: " + std::string(command));
}

settings with_options_of(const report& result, const settings& asked) {
  settings all = asked;
  add_options(all.search, result.options);
  return all;
}

}  // namespace braid::cli
