// What is wrong with an execution, in words: who waits for what, who holds it.
#pragma once

#include <braid/explore.hpp>
#include <string>
#include <string_view>
#include <vector>

#include <braid/history.hpp>
#include "trace/execution.hpp"

namespace braid {

// What an execution with this history is found to be, the worst first; each of its data races is a
// finding of its own. REQUIRES: its verdicts have a finding.
std::vector<finding> explain_findings(const execution& done, const history& told);

// By exit code, as reports have them.
void put_worst_first(std::vector<finding>& findings);

// The goroutines that take part, as reports call them.
std::vector<std::string> names_of(const finding& f);

// Its foreign unlocks, without tokens.
std::vector<foreign_unlock> explain_foreign_unlocks(const history& told);

// The goroutine in whose own code the execution stopped, with its last operation; without one `at`
// is where it was created. REQUIRES: told.stopped_in is one.
involved_goroutine explain_stop(const history& told);
// `g1 after chan1.recv, a.cpp:7`; `g1 before its first operation, created at a.cpp:3`.
std::string stop_in_words(const involved_goroutine& who, const std::string& gap = ", ");

// `reads`, `closes`, `makes it`.
std::string verb_of(const raced_access& a);

// `killed by signal 11 (Segmentation fault)`; or `stack overflow`, as the last line of stderr
// tells.
std::string describe_crash(int signal, std::string_view errors);

}  // namespace braid
