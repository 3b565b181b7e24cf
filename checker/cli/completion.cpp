// braid completion: a script for a shell that completes what is typed.
//
// Made from the tables of commands (help.cpp) and options (options.cpp), so that nothing is written
// down twice; names of programs come from `list --names` of the binary that is being typed.
#include <algorithm>
#include <array>

#include "cli/commands.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/terminal.hpp"
#include "cli/topics.hpp"
#include "cli/values.hpp"
#include "strategy/catalogue.hpp"

namespace braid::cli {
namespace {

using words = std::vector<std::string>;

constexpr std::string_view files = "FILE";        // what completes to names of files
constexpr std::string_view programs = "PROGRAM";  // what completes to names of programs

words strategy_names() {
  words names = {"auto"};
  for (const strategy_entry& s : strategies()) names.emplace_back(s.name);
  return names;
}

words verdicts_as_outcomes() {
  words names;
  for (int v = 0; v < verdict_count; ++v) {
    names.push_back("@" + std::string(name_of(static_cast<verdict>(v))));
  }
  return names;
}

bool is_file(std::string_view value) { return value == files || value == "RESULT"; }

// What a value can be, by how the table calls it; none if that is not known.
words values_of(const option& o) {
  if (o.name == "strategy") return strategy_names();
  if (o.value == "OUTCOME") return verdicts_as_outcomes();
  if (o.value == "MODE") return {"ordered", "free"};
  if (o.value == "WHEN") return {"auto", "always", "never"};
  if (o.value == "FORM") return {show_forms.begin(), show_forms.end()};
  return {};
}

// What follows a command: the first word of its usage in capitals.
words arguments_of(const topic& t) {
  if (t.usage.find("PROGRAM") != std::string_view::npos) return {std::string(programs)};
  if (t.usage.find("RESULT") != std::string_view::npos) return {std::string(files)};
  if (t.usage.find("SHELL") != std::string_view::npos) return {"bash", "zsh", "fish"};
  return t.name == "list" ? words{std::string(programs)} : words{};
}

std::string joined(const words& all, std::string_view between = " ") {
  std::string text;
  for (const std::string& word : all) text += (text.empty() ? "" : std::string(between)) + word;
  return text;
}

words options_of(const topic& t) {
  words names;
  for (const option& o : options()) {
    if (!o.belongs_to(t.which)) continue;
    names.push_back("--" + std::string(o.name));
    if (o.letter != 0) names.push_back(std::string("-") + o.letter);
  }
  return names;
}

words command_names() {
  words names;
  for (const topic& t : all_topics()) names.emplace_back(t.name);
  names.emplace_back("help");
  return names;
}

// Within single quotes of any of the shells.
std::string in_single_quotes(std::string_view text, std::string_view quote) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string(quote) : std::string(1, c);
  return out + "'";
}

// The name of a shell function for this binary.
std::string function_name() {
  std::string name = "_";
  for (const char c : own_name()) {
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return name;
}

// The lines `    COMMAND:--option) values;;` of a case in bash and zsh; `give` makes them.
template <typename Give>
std::string cases_of_options(const Give& give) {
  std::string text;
  for (const topic& t : all_topics()) {
    for (const option& o : options()) {
      if (!o.belongs_to(t.which) || o.value.empty()) continue;
      const std::string command = "    " + std::string(t.name) + ":";
      text += command + "--" + std::string(o.name);
      if (o.letter != 0) text += "|" + std::string(t.name) + ":-" + o.letter;
      text += ") " + give(o) + " ;;\n";
    }
  }
  return text;
}

constexpr std::string_view bash_frame = R"(# bash completion of @binary@
@function@_programs() {
  local name
  while IFS= read -r name; do
    [[ $name == "$2"* ]] && COMPREPLY+=("$name")
  done < <(BRAID_JSON=0 "$1" list --names 2>/dev/null)
}

@function@() {
  local binary=${COMP_WORDS[0]} command=${COMP_WORDS[1]}
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  if [[ $current == '=' ]]; then
    current=
  elif [[ $before == '=' ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '@commands@' -- "$current"))
    return
  fi
  case $command:$before in
@options@  esac
  if [[ $current == -* ]]; then
    case $command in
@names@    esac
    return
  fi
  case $command in
@words@  esac
}
complete -F @function@ @binary@
)";

std::string bash_words(const words& all) {
  return "COMPREPLY=($(compgen -W '" + joined(all) + "' -- \"$current\"))";
}

std::string bash_action(const words& all) {
  if (all == words{std::string(files)})
    return "compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- \"$current\"))";
  if (all == words{std::string(programs)}) {
    return function_name() + "_programs \"$binary\" \"$current\"";
  }
  return bash_words(all);
}

// What a frame leaves open, filled in.
std::string filled(std::string_view frame,
                   const std::vector<std::pair<std::string_view, std::string>>& parts) {
  std::string text(frame);
  for (const auto& [name, part] : parts) {
    for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; at += part.size()) {
      text.replace(at, name.size(), part);
    }
  }
  return text;
}

std::string bash_script() {
  std::string names;
  std::string arguments;
  for (const topic& t : all_topics()) {
    const std::string start = "    " + std::string(t.name) + ") ";
    names += "  " + start + bash_words(options_of(t)) + " ;;\n";
    if (!arguments_of(t).empty()) arguments += start + bash_action(arguments_of(t)) + " ;;\n";
  }
  arguments += "    help) " + bash_words(command_names()) + " ;;\n";
  const std::string values = cases_of_options([](const option& o) {
    if (is_file(o.value)) return bash_action({std::string(files)}) + "; return";
    const words all = values_of(o);
    return all.empty() ? std::string("return") : bash_words(all) + "; return";
  });
  return filled(bash_frame, {{"@options@", values},
                             {"@names@", names},
                             {"@words@", arguments},
                             {"@commands@", joined(command_names())},
                             {"@function@", function_name()},
                             {"@binary@", own_name()}});
}

constexpr std::string_view zsh_frame = R"(#compdef @binary@
@function@_programs() {
  local -a names
  names=("${(@f)$(BRAID_JSON=0 $words[1] list --names 2>/dev/null)}")
  compadd -a names
}

@function@() {
  local -a commands
  commands=(
@commands@  )
  if ((CURRENT == 2)); then
    _describe 'command' commands
    return
  fi
  local command=$words[2] before=$words[CURRENT-1]
  case $command:$before in
@options@  esac
  if [[ $words[CURRENT] == -* ]]; then
    local -a names
    case $command in
@names@    esac
    _describe 'option' names
    return
  fi
  case $command in
@words@  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  @function@ "$@"
else
  compdef @function@ @binary@
fi
)";

std::string zsh_action(const words& all) {
  if (all == words{std::string(files)}) return "_files";
  if (all == words{std::string(programs)}) return function_name() + "_programs";
  return "compadd -- " + joined(all);
}

// `name:what it is` as _describe takes it: a colon of the name would end it.
std::string described(const std::string& name, std::string_view what) {
  return in_single_quotes(name + ":" + std::string(what), R"('\'')");
}

std::string zsh_options(const topic& t) {
  std::string names = "names=(";
  for (const option& o : options()) {
    if (!o.belongs_to(t.which)) continue;
    names += "\n        " + described("--" + std::string(o.name), o.help);
  }
  return names + ")";
}

std::string zsh_script() {
  std::string commands = "    'help:this text, or that of a command'\n";
  std::string names;
  std::string arguments;
  for (const topic& t : all_topics()) {
    commands += "    " + described(std::string(t.name), t.summary) + "\n";
    const std::string start = "    " + std::string(t.name) + ") ";
    names += "  " + start + zsh_options(t) + " ;;\n";
    if (!arguments_of(t).empty()) arguments += start + zsh_action(arguments_of(t)) + " ;;\n";
  }
  arguments += "    help) compadd -- " + joined(command_names()) + " ;;\n";
  const std::string values = cases_of_options([](const option& o) {
    if (is_file(o.value)) return zsh_action({std::string(files)}) + "; return";
    const words all = values_of(o);
    return all.empty() ? std::string("return") : zsh_action(all) + "; return";
  });
  return filled(zsh_frame, {{"@options@", values},
                            {"@names@", names},
                            {"@words@", arguments},
                            {"@commands@", commands},
                            {"@function@", function_name()},
                            {"@binary@", own_name()}});
}

constexpr std::string_view fish_frame = R"(# fish completion of @binary@
function @function@_programs
    set -l typed (commandline -opc)
    env BRAID_JSON=0 $typed[1] list --names 2>/dev/null
end
complete -c @binary@ -f
)";

std::string fish_quoted(std::string_view text) { return in_single_quotes(text, R"(\')"); }

std::string fish_action(const words& all) {
  if (all == words{std::string(files)}) return "-F";
  if (all == words{std::string(programs)}) return "-a '(" + function_name() + "_programs)'";
  return "-a '" + joined(all) + "'";
}

// `complete -c braid -n '...' ` of what follows a command.
std::string fish_start(std::string_view command) {
  return "complete -c " + own_name() + " -n '__fish_seen_subcommand_from " + std::string(command) +
         "' ";
}

std::string fish_option(const topic& t, const option& o) {
  std::string line = fish_start(t.name) + "-l " + std::string(o.name);
  if (o.letter != 0) line += std::string(" -s ") + o.letter;
  if (is_file(o.value)) {
    line += " -r -F";
  } else if (!o.value.empty()) {
    const words all = values_of(o);
    line += " -x" + (all.empty() ? "" : " " + fish_action(all));
  }
  return line + " -d " + fish_quoted(o.help) + "\n";
}

std::string fish_script() {
  std::string text =
      filled(fish_frame, {{"@function@", function_name()}, {"@binary@", own_name()}});
  for (const topic& t : all_topics()) {
    text += "complete -c " + own_name() + " -n __fish_use_subcommand -a " + std::string(t.name) +
            " -d " + fish_quoted(t.summary) + "\n";
  }
  text += "complete -c " + own_name() + " -n __fish_use_subcommand -a help -d " +
          fish_quoted("this text, or that of a command") + "\n";
  text += fish_start("help") + fish_action(command_names()) + "\n";
  for (const topic& t : all_topics()) {
    if (!arguments_of(t).empty()) text += fish_start(t.name) + fish_action(arguments_of(t)) + "\n";
    for (const option& o : options()) {
      if (o.belongs_to(t.which)) text += fish_option(t, o);
    }
  }
  return text;
}

}  // namespace

int completion(const settings& asked) {
  const std::string shell = asked.words.size() == 1 ? asked.words[0] : "";
  if (shell == "bash") {
    write_out(bash_script());
  } else if (shell == "zsh") {
    write_out(zsh_script());
  } else if (shell == "fish") {
    write_out(fish_script());
  } else {
    refuse_usage("completion needs the name of one shell: bash, zsh or fish");
  }
  return 0;
}

}  // namespace braid::cli
