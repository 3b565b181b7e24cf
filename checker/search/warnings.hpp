// The foreign unlocks of a search: one for each object and two places, with the token of the
// nearest execution that shows it. So the set is the same whatever the order in which it was put
// together.
#pragma once

#include <braid/explore.hpp>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace braid {

// What a token stands for, as far as the order of "nearest" looks at it.
struct token_distance {
  const std::string& token;
  bool sampled = false;
  std::uint64_t run = 0;
  std::uint32_t deviations = 0;
};

// Those of exhaustive searches are nearer than those of samples; else as is_nearer() of outcomes.
// Tokens of exhaustive searches are schedules; others are told apart by their run.
bool is_nearer(const token_distance& a, const token_distance& b);

class warning_set {
 public:
  void add(const foreign_unlock& shown);
  std::vector<foreign_unlock> all() const;

 private:
  using identity = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<identity, foreign_unlock> nearest_;
};

}  // namespace braid
