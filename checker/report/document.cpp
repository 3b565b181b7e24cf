// Reports for elsewhere than a terminal; see document.hpp.
#include "report/document.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "explain/cause.hpp"

namespace braid {
namespace {

// `scenarios/timeout.cpp` of /home/me/braid/scenarios/timeout.cpp in /home/me/braid.
std::string path_from(const std::string& folder, const std::string& path) {
  const std::filesystem::path whole = std::filesystem::path(path).lexically_normal();
  if (!whole.is_absolute() || folder.empty()) return whole.generic_string();
  const std::filesystem::path below = whole.lexically_relative(folder);
  return (below.empty() || *below.begin() == ".." ? whole : below).generic_string();
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// Of all histories: what one names the others may, too.
std::string path_of(const report_document& in, const std::string& file) {
  for (const auto& [token, told] : in.told) {
    const auto known = told.files.find(file);
    if (known != told.files.end() && !known->second.empty()) return known->second;
  }
  return file_name(in.file) == file ? in.file : file;
}

// Where the program ended, if it did so by itself.
std::string place_of_end(const history& told) {
  const auto end = std::find_if(told.rows.rbegin(), told.rows.rend(),
                                [](const happening& h) { return h.kind == "end"; });
  return end == told.rows.rend() ? "" : end->at;
}

bool ends_by_itself(verdict v) { return v == verdict::panic || v == verdict::fatal; }

}  // namespace

std::vector<const finding*> one_of_each_cause(const report& r) {
  std::set<std::string> known;
  std::vector<const finding*> chosen;
  for (const finding& f : r.findings) {
    if (known.insert(cause_of(f)).second) chosen.push_back(&f);
  }
  return chosen;
}

source_place find_place(const report_document& in, const std::string& place) {
  const std::size_t colon = place.rfind(':');
  source_place found;
  if (colon == std::string::npos) return {.file = path_from(in.folder, path_of(in, place))};
  std::from_chars(place.data() + colon + 1, place.data() + place.size(), found.line);
  found.file = path_from(in.folder, path_of(in, place.substr(0, colon)));
  return found;
}

std::vector<source_place> places_of(const report_document& in, const finding& f) {
  std::vector<std::string> places;
  const auto add = [&](const std::string& place) {
    const bool is_known = std::find(places.begin(), places.end(), place) != places.end();
    if (!place.empty() && !is_known) places.push_back(place);
  };
  for (const raced_access& a : f.accesses) add(a.at);
  for (const involved_goroutine& g : f.goroutines) {  // who holds a lock has a part in a cycle
    if (!g.holds.empty()) add(g.at);
  }
  for (const involved_goroutine& g : f.goroutines) {
    add(g.at);
    for (const looped_operation& o : g.loop) add(o.at);
  }
  const history* const told = in.history_of(f.token);
  if (told != nullptr && ends_by_itself(f.what)) add(place_of_end(*told));
  std::vector<source_place> found;
  for (const std::string& place : places) found.push_back(find_place(in, place));
  if (found.empty() && !in.file.empty()) {
    found.push_back({.file = path_from(in.folder, in.file), .line = in.line});
  }
  return found;
}

std::string most_telling_token(const report& r) {
  for (const finding& f : r.findings) {
    if (!f.token.empty()) return f.token;
  }
  return r.outcomes.empty() ? "" : r.outcomes.front().token;
}

reported_outcome outcome_of(const report_document& in, const std::string& token) {
  const report& r = in.about;
  const auto known = std::find_if(r.outcomes.begin(), r.outcomes.end(),
                                  [&](const reported_outcome& o) { return o.token == token; });
  reported_outcome its{.token = token};
  if (known != r.outcomes.end()) {
    its = *known;
  } else {
    verdict_set verdicts;
    for (const finding& f : r.findings) {
      if (f.token == token) verdicts.add(f.what);
    }
    its.verdicts = verdicts.all();
    its.lowest = verdicts.lowest();
  }
  const history* const told = in.history_of(token);
  if (told != nullptr) its.steps = told->last_step();
  return its;
}

}  // namespace braid
