// braid list: the programs of this binary, with one line each.
#include <fnmatch.h>
#include <algorithm>
#include <braid/scenario.hpp>
#include <map>

#include "cli/commands.hpp"
#include "cli/places.hpp"
#include "cli/refusal.hpp"
#include "cli/terminal.hpp"
#include "report/json.hpp"
#include "report/page.hpp"

namespace braid::cli {
namespace {

constexpr std::size_t name_columns_max = 32;

// A part of the name or summary, or a pattern with * and ? for the whole name.
bool matches(const scenario& s, const std::string& pattern) {
  if (pattern.find_first_of("*?") != std::string::npos) {
    return fnmatch(pattern.c_str(), s.name().c_str(), 0) == 0;
  }
  return s.name().find(pattern) != std::string::npos ||
         s.summary().find(pattern) != std::string::npos;
}

std::string name_with_size(const scenario& s) {
  return s.options().size == 0 ? s.name() : s.name() + ":" + std::to_string(s.options().size);
}

braid::json expected_to_json(const expected_outcomes& expected) {
  braid::json outcomes = braid::json::array();
  for (const expected_outcome& e : expected) {
    braid::json one;
    one["output"] = e.output;
    one["verdict"] = e.verdict;
    outcomes.push_back(std::move(one));
  }
  return outcomes;
}

void print_json(const std::vector<const scenario*>& chosen) {
  braid::json all = braid::json::array();
  for (const scenario* s : chosen) {
    braid::json one;
    one["name"] = s->name();
    one["summary"] = s->summary();
    one["source"] = place_of(*s);
    one["expected"]["ordered"] = expected_to_json(s->expected(false));
    one["expected"]["free"] = expected_to_json(s->expected(true));
    all.push_back(std::move(one));
  }
  write_out(text_of(all) + "\n");
}

// For scripts: nothing on a line but a name, and no line if there is none; or an array of them.
void print_names(const std::vector<const scenario*>& chosen, const settings& asked) {
  std::string lines;
  braid::json all = braid::json::array();
  for (const scenario* s : chosen) {
    lines += s->name() + "\n";
    all.push_back(s->name());
  }
  write_out(asked.json ? text_of(all) + "\n" : lines);
}

struct row {
  std::string name;
  std::string summary;
};

std::string folder_of(const scenario& s) {
  const std::size_t slash = s.name().find('/');
  return slash == std::string::npos ? "" : s.name().substr(0, slash + 1);
}

// Without a pattern, the programs of a folder (ring/3, ring/4) share a row.
std::vector<row> rows_of(const std::vector<const scenario*>& chosen, bool folds) {
  std::vector<row> rows;
  std::map<std::string, std::size_t> sizes;
  for (const scenario* s : chosen) ++sizes[folder_of(*s)];
  for (const scenario* s : chosen) {
    const std::string folder = folds ? folder_of(*s) : "";
    if (folder.empty()) {
      rows.push_back({name_with_size(*s), s->summary()});
    } else if (rows.empty() || rows.back().name != folder) {
      rows.push_back({folder, std::to_string(sizes[folder]) + " programs: list " + folder});
    }
  }
  return rows;
}

void print_text(const std::vector<row>& rows, const style& look) {
  std::size_t columns = 0;
  for (const row& r : rows) columns = std::max(columns, columns_of(r.name));
  columns = std::min(columns, name_columns_max);
  page p(look);
  for (const row& r : rows) {
    p.put(r.name, ink::strong).to(columns + 2).put_folded(printable(r.summary, look)).end_line();
  }
  write_out(p.take());
}

}  // namespace

int list(const settings& asked) {
  if (asked.words.size() > 1) refuse_usage("list takes one PATTERN at most");
  const std::string pattern = asked.words.empty() ? "" : asked.words[0];
  std::vector<const scenario*> chosen;
  for (const scenario& s : scenarios()) {
    if (matches(s, pattern)) chosen.push_back(&s);
  }
  if (asked.names) {
    print_names(chosen, asked);
    return 0;
  }
  asked.json ? print_json(chosen) : print_text(rows_of(chosen, pattern.empty()), style_of(asked));
  if (!chosen.empty()) return 0;
  if (pattern.empty()) throw refusal(exit_code::unfit, "no programs are linked into this binary");
  throw refusal(exit_code::unfit,
                "no program matches '" + pattern + "'; 'list' without a pattern shows all");
}

}  // namespace braid::cli
