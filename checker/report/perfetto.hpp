// Executions in the trace event format of Chrome, which Perfetto (ui.perfetto.dev) opens.
//
// A step lasts a microsecond. Each program is a process, each goroutine a track. An operation is a
// slice of its step; the time that a goroutine waits is a slice, too, from the step in which it
// began to the end of the step that woke it. Arrows lead from what creates or wakes a goroutine to
// what it does then; deviations from the default schedule are instants.
#pragma once

#include <string>

#include "report/document.hpp"

namespace braid {

// An execution of a document, whose history is known.
struct shown_execution {
  const report_document* of = nullptr;
  std::string token = {};
};

std::string perfetto_of(const std::vector<shown_execution>& all);

}  // namespace braid
