// Schedules as the command line names them; see schedule_word.hpp.
#include "cli/schedule_word.hpp"

#include "cli/input_file.hpp"
#include "cli/judge.hpp"
#include "cli/misfits.hpp"
#include "cli/refusal.hpp"
#include "cli/terminal.hpp"
#include "cli/token_word.hpp"
#include "cli/values.hpp"
#include "trace/option_names.hpp"

namespace braid::cli {
namespace {

named_schedule in_file(const std::string& path) {
  const std::string text = text_of_file(path);
  if (!is_regression(text)) return {.token = token_in_file(path, text), .file = path};
  try {
    return {.by_names = parse_regression(text), .file = path};
  } catch (const unusable_file& why) {
    throw refusal(exit_code::bad_file, name_of_file(path) + ": " + why.what());
  }
}

}  // namespace

named_schedule read_schedule(const std::string& word, const std::string& program) {
  if (word.starts_with('@')) return in_file(word.substr(1));
  if (!is_regression_word(word)) return {.token = word};
  return {.by_names = refusing_misfits([&] { return parse_word(word, program); })};
}

void take_options(settings& to, const named_schedule& from) {
  if (!from.by_names) return;
  add_options(to.search, from.by_names->options);
  try {
    judge_by_rules(to.search);
  } catch (const bad_value& why) {
    throw refusal(exit_code::bad_file, name_of_file(from.file) + ": an outcome " + why.what());
  }
  if (from.by_names->what != verdict::mismatch || to.search.mismatch) return;
  throw refusal(exit_code::bad_file, name_of_file(from.file) +
                                         ": a mismatch that does not say which outcomes are "
                                         "forbidden or allowed; give --forbid or --allow");
}

replay_result follow_names(const program& p, const regression& by, const explore_options& options) {
  if (by.program != p.name) {
    throw refusal(exit_code::unfit,
                  "the regression is of the program '" + by.program + "', not of '" + p.name + "'");
  }
  if (!by.input.empty()) {
    throw refusal(exit_code::unfit, "the regression is of a property: only its test has the input");
  }
  followed_regression came = braid::follow(p, by, options);
  if (came.is_lost()) {
    throw refusal(exit_code::unfit, "nothing of the regression fits: " + came.left_out[0]);
  }
  if (!came.left_out.empty()) {
    const std::size_t more = came.left_out.size() - 1;
    complain("left out: " + came.left_out[0] +
             (more == 0 ? "" : " (and " + std::to_string(more) + " more)"));
  }
  return std::move(came.result);
}

std::string token_named(const std::string& word, const program& of, settings& asked) {
  const named_schedule schedule = read_schedule(word, of.name);
  if (!schedule.by_names) return schedule.token;
  take_options(asked, schedule);
  explore_options options = asked.search;
  options.supervise = true;
  return follow_names(of, *schedule.by_names, options).outcome.outcomes.at(0).token;
}

}  // namespace braid::cli
