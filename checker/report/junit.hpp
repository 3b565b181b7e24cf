// Reports as JUnit XML, which every CI server reads: a test suite with a case for each program.
#pragma once

#include <string>

#include "report/document.hpp"

namespace braid {

// A finding is a failure, or an error if the program crashed or is not deterministic; the first one
// of a case has the whole report as its text. A search that is not complete passes, unless that
// was required, and says so in a property; one that was interrupted, or not reached before an
// interrupt, is skipped. Whatever programs print, this is XML 1.0 in UTF-8.
std::string junit_of(const report_documents& all);

}  // namespace braid
