// Reports as one page for a browser, which needs nothing else: no network, no other file.
//
// The page is report/html/ with the reports in it: the objects that --json --trace prints, and
// lines of the sources around each place that they name. What is shown of them is up to the page.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/document.hpp"
#include "report/json.hpp"

namespace braid {

// What the JSON of a program does not tell.
struct html_program {
  std::string summary = {};                      // in one line, as of a scenario
  std::string place = {};                        // file:line
  std::string replay_command = {};               // `braid replay NAME`; a token is still to follow
  std::uint64_t sampled = 0;                     // executions that were drawn at random, and
  std::vector<std::uint64_t> sampled_each = {};  // how many of them had each outcome
  // Where the sources are: files as the compiler had them. Files of the same name in their folders
  // and in the present one are found, too.
  std::vector<std::string> sources = {};
};

// One page for all `reports`, one for each program. `programs` is parallel to them, or empty.
std::string html_of(const std::vector<json>& reports,
                    const std::vector<html_program>& programs = {});
// The same of documents, with the histories that they have.
std::string html_of(const report_documents& all);

}  // namespace braid
