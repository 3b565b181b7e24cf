// Reads options from the environment and from the arguments; see options.hpp.
#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdlib>
#include <set>

#include "cli/judge.hpp"
#include "cli/nearest.hpp"
#include "cli/options.hpp"
#include "cli/refusal.hpp"
#include "cli/values.hpp"

namespace braid::cli {
namespace {

namespace po = boost::program_options;

// --help has no variable: it would turn every command into its help. That of --shard is one of
// several (see shards.hpp).
bool has_variable(const option& o) { return o.name != "help" && o.name != "shard"; }

// An empty variable counts as none; that of an option which is given counts as little.
void read_environment(command c, const std::set<std::string_view>& given, settings& to) {
  for (const option& o : options()) {
    if (!o.belongs_to(c) || !has_variable(o) || given.count(o.name) > 0) continue;
    const std::string variable = variable_of(o);
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr || *value == '\0') continue;
    try {
      o.apply(to, value);
    } catch (const bad_value& why) {
      refuse_usage("the variable " + variable + "=" + value + " " + why.what());
    }
  }
}

po::options_description description_of(command c) {
  po::options_description all;
  for (const option& o : options()) {
    if (!o.belongs_to(c)) continue;
    std::string name(o.name);
    if (o.letter != 0) name += std::string(",") + o.letter;
    if (o.value.empty()) {
      all.add_options()(name.c_str(), "");
    } else {
      all.add_options()(name.c_str(), po::value<std::string>(), "");
    }
  }
  return all;
}

[[noreturn]] void refuse_unknown(command c, std::string_view command_name, std::string given) {
  std::vector<std::string> names;
  for (const option& o : options()) {
    if (o.belongs_to(c)) names.push_back("--" + std::string(o.name));
  }
  if (const std::size_t value = given.find('='); value != std::string::npos) given.resize(value);
  std::string text = "unknown option '" + given + "'";
  if (const std::string near = nearest(given, names); !near.empty()) {
    text += "; did you mean '" + near + "'?";
  }
  const std::string command(command_name);
  refuse_usage(text + " ('help " + command + "' shows all of " + command + ")");
}

po::parsed_options read(command c, std::string_view name,
                        const std::vector<std::string>& arguments) {
  namespace form = po::command_line_style;
  try {
    return po::command_line_parser(arguments)
        .options(description_of(c))
        .style(form::unix_style & ~form::allow_guessing)
        .run();
  } catch (const po::unknown_option& unknown) {
    refuse_unknown(c, name, unknown.get_option_name());
  } catch (const po::error& bad) {  // such as a value that is missing
    refuse_usage(bad.what());
  }
}

const option& find(command c, const std::string& key) {
  const auto found = std::find_if(options().begin(), options().end(), [&](const option& o) {
    return o.belongs_to(c) && (o.name == key || (key.size() == 2 && key[0] == '-' &&
                                                 o.letter != 0 && o.letter == key[1]));
  });
  if (found == options().end()) refuse_usage("unknown option '" + key + "'");
  return *found;
}

void apply(const option& o, const std::string& value, settings& to) {
  try {
    o.apply(to, value);
  } catch (const bad_value& why) {
    refuse_usage("--" + std::string(o.name) + " " + value + ": it " + why.what());
  }
}

std::set<std::string_view> names_of_given(command c, const po::parsed_options& given) {
  std::set<std::string_view> names;
  for (const po::option& g : given.options) {
    if (g.position_key < 0) names.insert(find(c, g.string_key).name);
  }
  return names;
}

}  // namespace

settings parse(command c, std::string_view name, const std::vector<std::string>& arguments) {
  const po::parsed_options given = read(c, name, arguments);
  settings result;
  read_environment(c, names_of_given(c, given), result);
  std::set<std::string_view> seen;
  for (const po::option& g : given.options) {
    if (g.position_key >= 0) {
      result.words.insert(result.words.end(), g.value.begin(), g.value.end());
      continue;
    }
    const option& o = find(c, g.string_key);
    const bool is_first = seen.insert(o.name).second;
    if (!is_first && !o.value.empty() && !o.is_repeatable) {
      refuse_usage("--" + std::string(o.name) + " is given twice; once is enough");
    }
    apply(o, o.value.empty() ? "1" : g.value.at(0), result);
  }
  // As a variable it is a wish for all commands, some of which print no JSON.
  if (seen.count("trace") > 0 && !result.json) {
    refuse_usage("--trace adds to what --json prints; give both");
  }
  judge_by_rules(result.search);
  return result;
}

}  // namespace braid::cli
