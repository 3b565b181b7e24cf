// A file that holds a search, so that it can go on after its process has ended, in whatever way.
//
// It is written beside its place and then renamed, so at every moment the file is a whole one. Its
// first line says what it is, with a checksum of the rest: whatever is cut off or changed is found.
#pragma once

#include <braid/explore.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace braid {

// What the results of a search are a function of, field by field: the program with the trace of its
// default schedule, the strategy, and the options that matter. Runs the program once.
nlohmann::json identity_of_search(const program& explored, const explore_options& options);
// Of what the shards of one search have in common.
std::string digest_of_shards(const nlohmann::json& identity, const explore_options& options);

class checkpoint_file {
 public:
  explicit checkpoint_file(std::string path) : path_(std::move(path)) {}

  // Throws unusable_file if it is missing, damaged, or not of this search.
  nlohmann::json read(const nlohmann::json& identity) const;
  // A checkpoint that is there already gets the ending .old: nothing is lost by a forgotten
  // --resume. Throws unusable_file if what is there is no checkpoint.
  void keep_old() const;
  // Throws unusable_file if nothing could be written there. Writes nothing.
  void prepare() const;
  // Throws unusable_file; then the file is what it was before.
  void write(const nlohmann::json& content) const;

 private:
  const std::string path_;
};

}  // namespace braid
