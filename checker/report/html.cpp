// Reports as one page for a browser; see html.hpp.
#include "report/html.hpp"

#include <algorithm>
#include <braid/verdict.hpp>
#include <map>
#include <set>
#include <string_view>

#include "report/html/parts.hpp"
#include "report/source_lines.hpp"

namespace braid {
namespace {

// In an element of the page a `<` could begin an end tag, whatever the type of the element. JSON
// has it in strings only, where the escape means the same.
std::string embedded(const json& value) {
  std::string safe;
  for (const char c : text_of(value)) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

// Places are the values of `at`, `created_at`, `made_at`, ...
void collect_places(const json& from, std::vector<std::string>& places) {
  for (const auto& [key, value] : from.items()) {
    if (value.is_structured()) collect_places(value, places);
    if (value.is_string() && (key == "at" || key.ends_with("_at"))) places.push_back(value);
  }
}

json about(const html_program& p) {
  return {{"summary", p.summary},
          {"place", p.place},
          {"replay", p.replay_command},
          {"sampled", p.sampled},
          {"sampled_each", p.sampled_each}};
}

// Replaces `{{name}}` in the page, and nothing in what takes its place.
std::string filled(std::string_view page, const std::map<std::string_view, std::string>& parts) {
  std::string result;
  for (;;) {
    const std::size_t at = page.find("{{");
    result += page.substr(0, at);
    if (at == std::string_view::npos) return result;
    const std::size_t end = page.find("}}", at);
    result += parts.at(page.substr(at + 2, end - at - 2));
    page.remove_prefix(end + 2);
  }
}

std::string title_of(const std::vector<json>& reports) {
  std::string title;
  for (const json& r : reports) {
    title += (title.empty() ? "" : ", ") + r.at("program").get<std::string>();
  }
  return title;
}

// The names of those that are findings.
json bad_verdicts() {
  json names = json::array();
  for (int i = 0; i < verdict_count; ++i) {
    const auto v = static_cast<verdict>(i);
    if (is_finding(v)) names.push_back(name_of(v));
  }
  return names;
}

html_program html_program_of(const report_document& d) {
  html_program p{.summary = d.summary,
                 .place = d.place,
                 .replay_command = d.replay_command,
                 .sampled = d.about.sampled};
  std::set<std::string> files;
  if (!d.file.empty()) files.insert(d.file);
  for (const auto& [token, told] : d.told) {
    for (const auto& [name, path] : told.files) {
      if (!path.empty()) files.insert(path);
    }
  }
  p.sources = {files.begin(), files.end()};
  for (const reported_outcome& o : d.about.outcomes) p.sampled_each.push_back(o.sampled);
  return p;
}

}  // namespace

std::string html_of(const std::vector<json>& reports, const std::vector<html_program>& programs) {
  std::vector<std::string> places;
  std::vector<std::string> sources;
  json told = json::array();
  for (const json& r : reports) collect_places(r, places);
  for (const html_program& p : programs) {
    told.push_back(about(p));
    sources.insert(sources.end(), p.sources.begin(), p.sources.end());
  }
  return filled(html_parts::page, {{"title", escaped(title_of(reports))},
                                   {"style", std::string(html_parts::style)},
                                   {"script", std::string(html_parts::script)},
                                   {"reports", embedded(reports)},
                                   {"programs", embedded(told)},
                                   {"bad_verdicts", embedded(bad_verdicts())},
                                   {"sources", embedded(source_lines(places, sources))}});
}

std::string html_of(const report_documents& all) {
  std::vector<json> reports;
  std::vector<html_program> programs;
  for (const report_document& d : all) {
    reports.push_back(to_json(d.about, d.told));
    programs.push_back(html_program_of(d));
  }
  return html_of(reports, programs);
}

}  // namespace braid
