// Outcomes in words.
#pragma once

#include <braid/explore.hpp>
#include <string>

#include "report/style.hpp"

namespace braid {

// `"timeout\n", leak g1`: stdout, then how it ended if that is not ok.
std::string outcome_in_words(const reported_outcome& o, const style& look);

// The same for a summary: one that is long ends in dots. Whatever the terminal.
std::string outcome_in_short(const reported_outcome& o);

// True if something is wrong with it in itself.
bool is_bad(const reported_outcome& o);

}  // namespace braid
