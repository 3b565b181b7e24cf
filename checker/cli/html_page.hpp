// The page that --html asks for: one for all programs of the command.
#pragma once

#include <string>
#include <vector>

#include "cli/settings.hpp"
#include "report/html.hpp"

namespace braid::cli {

class html_page {
 public:
  explicit html_page(const settings& asked) : asked_(asked) {}

  bool is_wanted() const { return !asked_.html.empty(); }
  // What explore or replay found out, with what happened in the execution of each token.
  void add(const report& r, const histories& told);
  // If it is wanted. Returns what went wrong, in a line; empty if nothing did.
  std::string write() const;

 private:
  const settings& asked_;
  std::vector<json> reports_;
  std::vector<html_program> programs_;
};

}  // namespace braid::cli
