// Where tokens go that are too long for a line of a report: each to a file of its own, which
// `replay PROGRAM @FILE` follows.
//
// Most long tokens are of sampled executions, which print by their run number (run_token.hpp). What
// is left are those of an exhaustive search, or of a finding that was shrunk, in long executions.
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace braid::cli {

class token_files {
 public:
  explicit token_files(std::string program) : program_(std::move(program)) {}

  // The token; or, for one that is too long, `@/tmp/braid-1f4c03d2.token`, when that is written.
  // The same token has the same file. Where it cannot be written the token stays as it is.
  std::string word_for(const std::string& token);

 private:
  static constexpr std::size_t files_max = 100;  // with -v there could be thousands

  const std::string program_;
  std::map<std::string, std::string> words_;  // of those that are too long
};

}  // namespace braid::cli
