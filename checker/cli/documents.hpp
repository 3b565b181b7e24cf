// The files that --junit, --sarif and --perfetto ask for, and what --github prints.
//
// A program's document is made before its report is printed, the files are written when all
// programs are done: so they are there even if nobody reads the report to its end, and what cannot
// be written hides nothing of it.
#pragma once

#include <functional>
#include <string>

#include "cli/settings.hpp"
#include "report/document.hpp"

namespace braid::cli {

bool wants_documents(const settings& asked);

// How the text in documents looks, whatever the terminal.
inline constexpr style document_look = {.unicode = true};

// With the histories that the documents need, as `history_by` tells them.
report_document document_of(const report& r, int exit_code, std::string text, const settings& asked,
                            const std::function<history(const std::string& token)>& history_by);

// Where the program is, if it is in this binary, and how to replay it.
void name_program(report_document& of, const settings& asked);

// All of them in each file. What cannot be written is told on stderr; then 128, else 0.
int write_documents(const report_documents& all, const settings& asked);

}  // namespace braid::cli
