// The outputs that a few printing goroutines and a main that cuts them off can have, enumerated
// from first principles: an oracle for scenarios whose outcomes are too many to write down.
#pragma once

#include <braid/scenario.hpp>
#include <string>
#include <vector>

// Everything that can be printed if each of `others` prints its lines in order, or stops early,
// and main prints `last` at any point and returns at any point after it. `prefix` comes first.
inline braid::expected_outcomes outputs_cut_short(const std::string& prefix,
                                                  std::vector<std::vector<std::string>> others,
                                                  const std::string& last) {
  braid::expected_outcomes all;
  others.push_back({last});
  std::vector<std::size_t> printed(others.size(), 0);
  const auto extend = [&](const auto& self, const std::string& so_far) -> void {
    if (printed.back() == 1) all.emplace_back(so_far);
    for (std::size_t i = 0; i < others.size(); ++i) {
      if (printed[i] == others[i].size()) continue;
      const std::string& line = others[i][printed[i]++];
      self(self, so_far + line);
      --printed[i];
    }
  };
  extend(extend, prefix);
  return all;
}

// The same, but main waits until all have printed their lines.
inline braid::expected_outcomes outputs_complete(
    const std::string& prefix, const std::vector<std::vector<std::string>>& others,
    const std::string& last) {
  std::size_t length = prefix.size() + last.size();
  for (const auto& lines : others) {
    for (const std::string& line : lines) length += line.size();
  }
  braid::expected_outcomes all;
  for (braid::expected_outcome& o : outputs_cut_short(prefix, others, last)) {
    if (o.output.size() == length && o.output.ends_with(last)) all.push_back(std::move(o));
  }
  return all;
}
