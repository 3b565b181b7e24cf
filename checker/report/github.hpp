// Reports for GitHub Actions: workflow commands, which become annotations of lines, and a summary
// of the job in Markdown.
#pragma once

#include <string>

#include "report/document.hpp"

namespace braid {

// `::error file=a.cpp,line=7,title=...::...`, a line each: a finding of each cause is an error, so
// is a search that had to be complete and is not; a foreign unlock is a warning. What programs
// print cannot begin another command.
std::string github_commands_of(const report_documents& all);

// A section for each program: how its search ended, a table of outcomes, what is wrong. What
// programs print cannot become Markdown or HTML.
std::string github_summary_of(const report_documents& all);

}  // namespace braid
