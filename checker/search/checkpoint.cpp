// A file that holds a search; see checkpoint.hpp.
#include "search/checkpoint.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <string_view>

#include "checksum.hpp"
#include "explain/replayer.hpp"
#include "mix.hpp"
#include "names.hpp"
#include "open_file.hpp"
#include "search/report.hpp"

namespace braid {
namespace {

constexpr std::string_view first_word = "braid-checkpoint";
constexpr int file_version = 2;

std::string first_line(std::string_view body) {
  return std::string(first_word) + " " + std::to_string(file_version) + " " +
         in_hex(checksum(body)) + " " + std::to_string(body.size()) + "\n";
}

[[noreturn]] void refuse_writing(const std::string& path) {
  const int error = errno;
  throw unusable_file("cannot write '" + path + "': " + strerror(error));
}

std::string beside(const std::string& path) { return path + ".new"; }

[[noreturn]] void refuse_damaged(const std::string& path) {
  throw unusable_file("'" + path + "' is damaged; start again without --resume");
}

// As a device, or a pipe, which may never end.
void refuse_irregular(const std::string& path, const std::string& what) {
  struct stat there {};
  if (stat(path.c_str(), &there) != 0 || S_ISREG(there.st_mode)) return;
  throw unusable_file("cannot " + what + " '" + path + "': it is no regular file");
}

std::string content_of(const std::string& path) {
  refuse_irregular(path, "read");
  const open_file file(path, O_RDONLY);
  std::string content;
  if (file.is_open() && file.read_all(content)) return content;
  const int error = errno;
  throw unusable_file("cannot read '" + path + "': " + strerror(error));
}

std::string shard_in_words(const std::optional<search_shard>& shard) {
  if (!shard) return "none";
  return std::to_string(shard->index) + "/" + std::to_string(shard->count);
}

nlohmann::json to_value(const std::optional<std::uint32_t>& bound) {
  return bound ? nlohmann::json(*bound) : nlohmann::json("none");
}

std::string in_words(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void refuse_other(const std::string& path, const nlohmann::json& found,
                  const nlohmann::json& wanted) {
  for (const auto& [field, value] : wanted.items()) {
    const nlohmann::json other = found.value(field, nlohmann::json());
    if (other == value) continue;
    if (field == "trace") continue;  // named last, for it depends on the others
    const std::string option = field == "program" ? "of the program " : "of a search with --";
    throw unusable_file("'" + path + "' is " + option + (field == "program" ? "" : field + " ") +
                        in_words(other) + ", not " + in_words(value));
  }
  if (found != wanted) {
    throw unusable_file("'" + path + "' is of another version of the program " +
                        in_words(wanted.at("program")) + "; start again without --resume");
  }
}

}  // namespace

nlohmann::json identity_of_search(const program& explored, const explore_options& options) {
  replayer once(explored, lockstep_of(options), options.supervise || options.isolate);
  const execution& done = once.follow({}, false);
  std::uint64_t trace = done.facts().trace_hash;
  for (const std::string_view text : {done.output(), done.errors()})
    trace = mix(trace ^ checksum(text));
  return {{"program", explored.name},
          {"strategy", options.strategy},
          {"seed", options.seed},
          {"timers", name_of(options.timers)},
          {"max-steps", options.steps_max},
          {"preemptions", to_value(options.preemptions_max)},
          {"delays", to_value(options.delays_max)},
          {"no-leak", !options.check_leaks},
          {"no-deadlock", !options.check_deadlocks},
          {"spurious-try-lock", options.spurious_try_locks},
          {"spurious-wakeups", options.spurious_wake_ups},
          {"no-race", !options.check_races},
          {"warn-foreign-unlock", options.warn_foreign_unlocks},
          {"shard", shard_in_words(options.shard)},
          {"trace", mix(trace ^ done.verdicts().bits())}};
}

std::string digest_of_shards(const nlohmann::json& identity, const explore_options& options) {
  nlohmann::json common = identity;
  common["shard"] = options.shard->count;
  common["runs"] = options.runs_max.value_or(0);
  return in_hex(checksum(common.dump()));
}

nlohmann::json checkpoint_file::read(const nlohmann::json& identity) const {
  const std::string content = content_of(path_);
  const std::size_t end_of_line = content.find('\n');
  std::istringstream line(content.substr(0, end_of_line));
  std::string word;
  int number = 0;
  if (!(line >> word) || word != first_word) {
    throw unusable_file("'" + path_ + "' is no checkpoint of braid");
  }
  if (!(line >> number)) refuse_damaged(path_);
  if (number != file_version) {
    throw unusable_file("'" + path_ + "' is a checkpoint of another version of braid");
  }
  if (end_of_line == std::string::npos) refuse_damaged(path_);
  const std::string_view body = std::string_view(content).substr(end_of_line + 1);
  if (content.substr(0, end_of_line + 1) != first_line(body)) refuse_damaged(path_);
  nlohmann::json saved = nlohmann::json::from_cbor(body, true, false);
  if (!saved.is_object() || !saved.contains("identity")) refuse_damaged(path_);
  refuse_other(path_, saved.at("identity"), identity);
  return saved;
}

void checkpoint_file::keep_old() const {
  struct stat there {};
  if (stat(path_.c_str(), &there) != 0) return;
  refuse_irregular(path_, "write");
  if (there.st_size == 0) return;
  if (!content_of(path_).starts_with(first_word)) {
    throw unusable_file("'" + path_ + "' is there already, and is no checkpoint of braid");
  }
  if (rename(path_.c_str(), (path_ + ".old").c_str()) != 0) refuse_writing(path_);
}

void checkpoint_file::prepare() const {
  refuse_irregular(path_, "write");
  const open_file file(beside(path_), O_WRONLY | O_CREAT);
  if (!file.is_open()) refuse_writing(path_);
  unlink(beside(path_).c_str());
}

void checkpoint_file::write(const nlohmann::json& content) const {
  const std::vector<std::uint8_t> cbor = nlohmann::json::to_cbor(content);
  const std::string_view body(reinterpret_cast<const char*>(cbor.data()), cbor.size());
  {
    const open_file file(beside(path_), O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.is_open() || !file.write(first_line(body)) || !file.write(body) || !file.sync()) {
      const int error = errno;
      unlink(beside(path_).c_str());
      errno = error;
      refuse_writing(path_);
    }
  }
  if (rename(beside(path_).c_str(), path_.c_str()) != 0) refuse_writing(path_);
  const std::string folder = std::filesystem::absolute(path_).parent_path().string();
  const open_file of_file(folder, O_RDONLY | O_DIRECTORY);
  if (of_file.is_open()) of_file.sync();  // so that the new name survives a loss of power
}

}  // namespace braid
