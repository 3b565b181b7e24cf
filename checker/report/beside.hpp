// Two executions side by side, from the first step that differs.
//
//      1 to 3 are the same
//     bad  4g2~q7                     good  0~m3
//     ────────────────────────────    ────────────────────────────
//   ▶  4 g2    mutex2.lock            4 g1    mutex2.lock
#pragma once

#include <braid/history.hpp>
#include <string>

#include "report/page.hpp"

namespace braid {

struct run_beside {
  std::string head;     // its token
  std::string outcome;  // in words
  bool is_bad = false;
  const history* told = nullptr;
};

// REQUIRES: the steps before `first_difference`, from 1, are the same.
void write_beside(page& to, const run_beside& left, const run_beside& right,
                  std::uint32_t first_difference, bool show_all);

}  // namespace braid
