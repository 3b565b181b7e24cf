// The commands in words: one table that the help and the completion of shells share (help.cpp).
#pragma once

#include <span>
#include <string_view>

#include "cli/options.hpp"

namespace braid::cli {

struct topic {
  std::string_view name;
  command which;
  std::string_view usage;
  std::string_view summary;
  std::string_view details;
};

std::span<const topic> all_topics();

}  // namespace braid::cli
