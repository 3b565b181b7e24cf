// What the command line and the environment ask for.
#pragma once

#include <braid/explore.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace braid::cli {

// An outcome as --expect, --forbid and --allow name it: by its stdout or by a verdict.
struct outcome_pattern {
  std::string text;  // as it was given
  std::string output = {};
  std::optional<verdict> what = {};

  bool matches(const reported_outcome& o) const;
};

enum class when : std::uint8_t { automatic, always, never };

struct settings {
  std::vector<std::string> words;  // what is no option

  // What is explored, how and how far.
  explore_options search;
  std::optional<std::string> strategy;  // if it was said
  bool require_complete = false;
  std::vector<outcome_pattern> expect;  // what is forbidden and allowed is in `search`

  // explore, shrink, diff
  bool shrink = true;
  std::optional<std::uint64_t> shrink_steps;

  // run
  unsigned workers = 0;
  bool workers_given = false;
  double time_scale = 1;
  std::optional<std::string> against;

  // replay
  bool lenient = false;
  bool breaks = false;
  std::optional<std::uint64_t> run_number;

  // list
  bool names = false;

  // show
  std::string form = "lanes";
  std::optional<std::string> token;

  // Files beside the report; empty: none.
  std::string junit;
  std::string sarif;
  std::string perfetto;
  std::string save;  // a regression
  bool github = false;

  // What is printed.
  bool help = false;
  bool json = false;
  bool trace = false;
  std::string html;  // the file of a page; empty: none
  bool quiet = false;
  bool verbose = false;
  bool no_progress = false;
  bool ascii = false;
  when color = when::automatic;
  std::optional<std::size_t> width;
};

}  // namespace braid::cli
