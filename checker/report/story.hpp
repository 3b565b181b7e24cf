// One execution told in full: what is wrong, the lanes, who waits for whom, and how to see it
// again.
#pragma once

#include <braid/explore.hpp>
#include <string>

#include "report/page.hpp"

namespace braid {

// `✗ leak   g1 waits for ever in chan1.send   timeout.cpp:15`.
void write_finding(page& to, const finding& f);

struct story_options {
  bool show_all = false;
  std::string replay_command = {};  // without the token; empty: not told
  const finding* about = nullptr;   // what is wrong with it
  std::string help_command = {};    // without the verdict; empty: none is named
};

// The lanes of an execution, what its end needs in words, and the line that reproduces it.
void write_story(page& to, const reported_outcome& o, const history& told,
                 const story_options& options);

}  // namespace braid
