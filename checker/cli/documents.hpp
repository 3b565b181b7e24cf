// The files that --junit, --sarif, --perfetto and --html ask for, and what --github prints.
//
// A program's document is made after its report was printed, as it may take longer, but also if
// that failed; the files are written when all programs are done. So they are there even if nobody
// reads the report to its end, and what cannot be written hides nothing of it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/settings.hpp"
#include "explain/tell_many.hpp"
#include "report/document.hpp"
#include "report/style.hpp"

namespace braid::cli {

bool wants_documents(const settings& asked);

// Before a long search: throws refusal if one of the files could not be written, or is also that of
// another option.
void expect_documents_writable(const settings& asked);

// How the text in documents looks, whatever the terminal.
inline constexpr style document_look = {.unicode = true};

// The executions whose histories the documents show, what is wrong first. Of a page's outcomes
// those come first that are bad; beyond some of them a page has no steps, and says how to see them.
std::vector<wanted_history> histories_wanted(const report& r, const settings& asked);
// All of them.
std::vector<wanted_history> every_history(const report& r);
// Without histories.
report_document document_of(const report& r, int exit_code, std::string text,
                            const settings& asked);

// Of a program that was not reached before an interrupt: its name.
report_document skipped_document(const std::string& program, const settings& asked);

// Where the program is, if it is in this binary, and how to replay it.
void name_program(report_document& of, const settings& asked);

// Writes to stdout. If there are to be documents, a reader that went away is a refusal, not the end
// of the process: they are still to be written.
void write_report(std::string_view text, const settings& asked);

// Calls `print`, which prints reports, adds their documents and returns the exit code; then writes
// the documents, even if it threw a refusal. What cannot be written is told on stderr, and the code
// is 128, unless it is that of an interrupt.
int with_documents(const settings& asked, const std::function<int(report_documents& to)>& print);

}  // namespace braid::cli
