// Reports as SARIF 2.1.0 (OASIS), which editors and code hosts show beside the lines.
#pragma once

#include <string>

#include "report/document.hpp"

namespace braid {

// One run of the tool, with a rule for each verdict that is a finding and a result for each cause
// of findings, whose fingerprint is that cause. Where the history of a finding is known, a thread
// flow for each goroutine tells what it did.
std::string sarif_of(const report_documents& all);

}  // namespace braid
