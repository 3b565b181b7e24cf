// A report with all that it takes to show it elsewhere than on a terminal: to a CI server, an
// editor, a viewer of traces.
#pragma once

#include <braid/explore.hpp>
#include <string>
#include <vector>

#include "report/json.hpp"

namespace braid {

struct report_document {
  report about = {};
  histories told = {};              // of the tokens whose histories are known
  std::string text = {};            // as a terminal without colours shows it
  std::string replay_command = {};  // without the token
  std::string summary = {};         // of the program, in one line
  std::string place = {};           // file:line of the program, as reports have it
  std::string file = {};            // where the program is; empty if unknown
  unsigned line = 0;
  std::string folder = {};  // files below it are named from there
  int exit_code = 0;        // of this program alone
  bool is_skipped = false;  // an interrupt came before the program's turn; only its name is known

  const history* history_of(const std::string& token) const {
    const auto found = told.find(token);
    return found == told.end() ? nullptr : &found->second;
  }
};
using report_documents = std::vector<report_document>;

// The findings, but of those with the same cause only the first.
std::vector<const finding*> one_of_each_cause(const report& r);

// A line of a file. The path is relative to the document's folder if it lies below that.
struct source_place {
  std::string file = {};
  unsigned line = 0;
};

// Where a `file:line` of a report is; as much of the path as is known.
source_place find_place(const report_document& in, const std::string& place);

// Where a finding shows, the most telling place first: the accesses of a race, where goroutines
// wait or loop, where a panic was. Where the program is if nothing better is known.
std::vector<source_place> places_of(const report_document& in, const finding& f);

// The token of the execution to show if there is room for one: of the first finding that has one,
// else of the first outcome. Empty if there is none.
std::string most_telling_token(const report& r);

// The outcome that has this token; else, for that of a finding alone, one with its verdicts. Its
// steps are those of the history, where that is known.
reported_outcome outcome_of(const report_document& in, const std::string& token);

}  // namespace braid
