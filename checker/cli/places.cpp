// Programs as the command line names them; see places.hpp.
#include "cli/places.hpp"

#include <filesystem>

#include "cli/refusal.hpp"

namespace braid::cli {

std::string place_of(const scenario& s) {
  namespace fs = std::filesystem;
  if (!s.at()) return "";
  fs::path file = s.at().file();
  std::error_code error;
  const fs::path here = fs::current_path(error);
  if (!error && file.is_absolute()) {
    const fs::path relative = file.lexically_relative(here);
    if (!relative.empty() && *relative.begin() != "..") file = relative;
  }
  return file.string() + ":" + std::to_string(s.at().line());
}

void put_program(page& to, const std::string& name) {
  to.put(name, ink::strong).put_beside(place_of(find_scenario(name)), 2);
}

program program_called(const std::string& name) {
  try {
    return find_program(name);
  } catch (const unknown_program& why) {
    throw refusal(exit_code::unfit, why.what());
  }
}

}  // namespace braid::cli
