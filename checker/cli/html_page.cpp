// The page that --html asks for; see html_page.hpp.
#include "cli/html_page.hpp"

#include <set>
#include <utility>

#include "cli/places.hpp"
#include "cli/replay_line.hpp"
#include "cli/written_file.hpp"

namespace braid::cli {

void html_page::add(const report& r, const histories& told) {
  const scenario& s = find_scenario(r.program);
  std::set<std::string> files;
  if (s.at()) files.insert(s.at().file());
  for (const auto& [token, one] : told) files.insert(one.files.begin(), one.files.end());
  std::vector<std::uint64_t> sampled;
  for (const reported_outcome& o : r.outcomes) sampled.push_back(o.sampled);
  reports_.push_back(to_json(r, told));
  programs_.push_back({.summary = s.summary(),
                       .place = place_of(s),
                       .replay_command = replay_command(r.program, asked_),
                       .sampled = r.sampled,
                       .sampled_each = std::move(sampled),
                       .sources = {files.begin(), files.end()}});
}

std::string html_page::write() const {
  if (!is_wanted()) return {};
  return write_file(asked_.html, html_of(reports_, programs_));
}

}  // namespace braid::cli
