// braid explore: every outcome of programs, with a schedule for each.
#include <algorithm>
#include <braid/regression.hpp>
#include <chrono>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/findings.hpp"
#include "cli/interrupt.hpp"
#include "cli/judge.hpp"
#include "cli/output_file.hpp"
#include "cli/places.hpp"
#include "cli/progress.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/shards.hpp"
#include "cli/terminal.hpp"
#include "cli/token_files.hpp"
#include "explain/findings.hpp"
#include "names.hpp"
#include "report/json.hpp"
#include "report/outcome_text.hpp"
#include "report/story.hpp"
#include "report/table.hpp"

namespace braid::cli {
namespace {

std::string checks_of(const explore_options& o) {
  std::string left_out;
  const auto leave_out = [&](bool is_checked, const std::string& what) {
    if (!is_checked) left_out += (left_out.empty() ? "" : ", ") + what;
  };
  leave_out(o.check_leaks, "leaks");
  leave_out(o.check_deadlocks, "deadlocks");
  leave_out(o.check_races, "races");
  return left_out.empty() ? "all checks" : "no checks for " + left_out;
}

std::string bounds_of(const explore_options& o) {
  if (o.preemptions_max) return ", at most " + counted(*o.preemptions_max, "preemption");
  if (o.delays_max) return ", at most " + counted(*o.delays_max, "delay");
  return {};
}

std::string shard_in_words(const search_shard& part) {
  return std::to_string(part.index) + "/" + std::to_string(part.count);
}

// --shard, or else what the environment says.
settings with_shard(const settings& asked) {
  settings result = asked;
  if (asked.search.shard) return result;
  if (const std::optional<found_shard> found = shard_of_environment()) {
    result.search.shard = found->part;
    complain("shard " + shard_in_words(found->part) + ", by " + found->source);
  }
  return result;
}

// One program: from its exploration to its report.
class exploration {
 public:
  exploration(const std::string& name, const settings& asked)
      : asked_(asked),
        look_(style_of(asked)),
        program_(program_called(name)),
        options_(asked.search) {
    options_.supervise = true;
    options_.interrupted = was_interrupted;
    constexpr std::uint64_t shrink_steps = 500'000;
    if (asked.shrink) options_.shrink_steps_max = asked.shrink_steps.value_or(shrink_steps);
  }

  // Adds its document to `documents`, if there are to be some.
  int run(report_documents& documents) {
    explore();
    judge_outcomes(report_, asked_.search);
    not_judged_ = judge_expected(report_, asked_);
    put_worst_first(report_.findings);
    const int code = code_of_report();
    try {
      asked_.json ? print_json() : write_report(text(look_, asked_.quiet, true), asked_);
    } catch (const refusal&) {  // nobody reads it
      add_document(documents, code);
      throw;
    }
    add_document(documents, code);
    if (!asked_.save.empty()) save_failure();
    if (report_.file_error.empty()) return code;
    complain(report_.file_error);
    return code == exit_code::interrupted ? code : exit_code::bad_file;
  }

 private:
  int code_of_report() const {
    const int code = report_.exit_code();
    const bool is_complete = report_.shard ? report_.shard->complete : report_.complete;
    return code == 0 && !is_complete && asked_.require_complete ? exit_code::incomplete : code;
  }

  void explore() {
    progress line(asked_, look_);
    options_.progress = [&](const report& so_far) { line.show(so_far); };
    try {
      report_ = braid::explore(program_, options_);
    } catch (const std::invalid_argument& why) {  // options that do not go together
      refuse_usage(why.what());
    } catch (const unusable_file& why) {
      line.erase();
      throw refusal(exit_code::bad_file, why.what());
    }
    options_.progress = {};
  }

  explore_options uninterrupted() const {
    explore_options again = options_;
    again.interrupted = {};
    return again;
  }

  replay_result replayed(const std::string& token) const {
    return replay(program_, token, uninterrupted());
  }
  history told_by(const std::string& token) const { return replayed(token).told; }

  // An interrupt leaves out what comes last.
  histories told_of(const std::vector<wanted_history>& wanted) const {
    histories told;
    const last_second time;
    progress line(asked_, look_);
    explore_options options = options_;
    options.interrupted = [&] { return time.is_over(); };
    tell_many(program_, wanted, options, [&](const std::string& token, history happened) {
      told[token] = std::move(happened);
      line.show_followed(program_.name, told.size(), wanted.size());
    });
    return told;
  }

  void add_document(report_documents& to, int code) const {
    if (!wants_documents(asked_)) return;
    to.push_back(document_of(report_, code, text(document_look, false, false), asked_));
    to.back().told = told_of(histories_wanted(report_, asked_));
  }

  void print_json() const {
    const histories told = asked_.trace ? told_of(every_history(report_)) : histories();
    write_report(text_of(to_json(report_, told)) + "\n", asked_);
  }

  // The worst that a schedule shows.
  void save_failure() const {
    const auto worst = std::find_if(report_.findings.begin(), report_.findings.end(),
                                    [](const finding& f) { return !f.token.empty(); });
    if (worst == report_.findings.end()) {
      return complain("no schedule fails, so nothing is written to '" + asked_.save + "'");
    }
    try {
      write_file(asked_.save, text_of(record(program_, *worst, uninterrupted())));
    } catch (const malformed_token& why) {  // it is not deterministic
      complain("nothing is written to '" + asked_.save + "': " + why.what());
    }
  }

  // A document is read elsewhere, so there tokens are told in full.
  std::string text(const style& look, bool is_quiet, bool is_here) const {
    token_files long_ones(program_.name);
    page p(look);
    if (is_here) {
      p.name_tokens_by([&](const std::string& token) { return long_ones.word_for(token); });
    }
    if (!is_quiet) {
      write_heading(p);
      write_table(p, report_, {.show_all = asked_.verbose});
      p.end_line();
      asked_.verbose ? write_every_story(p) : write_first_story(p);
      write_warnings(p, report_, asked_.verbose);
    }
    for (const std::string& note : not_judged_) p.put_folded(note).end_line();
    if (asked_.verbose && report_.dropped_stacks > 0) {
      p.put(counted(report_.dropped_stacks, "stack") + " could not be unwound").end_line();
    }
    if (asked_.verbose && report_.probed) write_probes(p);
    is_quiet ? write_quiet_summary(p, report_, asked_.words.size() > 1) : write_summary(p, report_);
    return p.take();
  }

  void write_probes(page& p) const {
    const size_estimate& e = *report_.probed;
    p.put_folded("dfs has about " + in_short(e.executions) + " executions, by " +
                 with_commas(e.probes) + " random probes (95 %, roughly: " + in_short(e.low) +
                 " to " + in_short(e.high) + ")");
    p.end_line();
  }

  void write_heading(page& p) const {
    const std::string timers = "timers " + std::string(name_of(report_.timers));
    std::string details = report_.strategy + bounds_of(asked_.search) + ", " +
                          checks_of(asked_.search) + ", " + timers;
    if (report_.shard) details += ", shard " + shard_in_words(report_.shard->part);
    put_program(p, program_.name);
    const bool fits = p.column() + 4 + columns_of(details) <= p.look().width;
    fits ? p.to(p.column() + 4) : p.end_line().to(2);
    p.put_folded(details, ink::faint).end_line().end_line();
  }

  void write_story_of(page& p, const reported_outcome& o, const history& told,
                      const finding* about = nullptr) const {
    write_story(p, o, told,
                {.show_all = asked_.verbose,
                 .replay_command = replay_command(program_.name, asked_),
                 .about = about,
                 .help_command = help_command()});
    p.end_line();
  }

  shown_story shown_as(const std::string& token) const {
    return {.token = token,
            .replay_command = replay_command(program_.name, asked_),
            .check_command = check_command(program_.name, asked_)};
  }

  void write_first_story(page& p) const {
    if (report_.findings.empty()) return write_hang(p);
    if (report_.findings.front().token.empty()) {
      return write_findings(p, report_, asked_.verbose, shown_as(""));
    }
    const replay_result again = replayed(report_.findings.front().token);
    write_findings(p, report_, asked_.verbose, shown_as(report_.findings.front().token));
    write_story_of(p, again.outcome.outcomes.front(), again.told, &report_.findings.front());
  }

  // Of those that did not come back the first; no finding, but the reason why nothing is complete.
  void write_hang(page& p) const {
    const auto hung = std::find_if(report_.outcomes.begin(), report_.outcomes.end(),
                                   [](const reported_outcome& o) { return !o.hung.empty(); });
    if (hung == report_.outcomes.end()) return;
    p.to(2).put_folded(outcome_in_words(*hung, p.look()), ink::strong).end_line().end_line();
    explore_options again = uninterrupted();
    constexpr std::chrono::nanoseconds known_to_hang = std::chrono::seconds(1);
    again.hang_after = std::min(again.hang_after, known_to_hang);
    write_story_of(p, *hung, replay(program_, hung->token, again).told);
  }

  // An interrupt leaves out what comes last.
  void write_every_story(page& p) const {
    write_findings(p, report_, asked_.verbose, shown_as(""));
    const last_second time;
    write_shrunk_stories(p, time);
    for (const reported_outcome& o : report_.outcomes) {
      if (time.is_over()) {
        p.to(2).put(mark::ellipsis).put(" and more lanes, which the interrupt left out");
        p.end_line().end_line();
        return;
      }
      p.to(2).put_folded(outcome_in_words(o, p.look()), ink::strong).end_line().end_line();
      write_story_of(p, o, told_by(o.token));
    }
  }

  // Of those that are not the outcomes' own.
  void write_shrunk_stories(page& p, const last_second& time) const {
    std::set<std::string> told;
    for (const finding& f : report_.findings) {
      if (!f.shrunk_from || time.is_over() || !told.insert(f.token).second) continue;
      const replay_result again = replayed(f.token);
      p.to(2).put_folded(std::string(name_of(f.what)) + ", shrunk", ink::strong).end_line();
      p.end_line();
      write_story_of(p, again.outcome.outcomes.front(), again.told, &f);
    }
  }

  const settings& asked_;
  const style look_;
  const program program_;
  explore_options options_;
  report report_;
  std::vector<std::string> not_judged_;
};

// Programs that an interrupt has left out.
void skip(const std::vector<std::string>& names, const settings& asked,
          report_documents& documents) {
  std::string list;
  for (const std::string& name : names) {
    list += (list.empty() ? "" : ", ") + name;
    if (wants_documents(asked)) documents.push_back(skipped_document(name, asked));
  }
  if (!list.empty()) complain("interrupted: not explored: " + list);
}

int explore_each(const settings& asked, report_documents& documents) {
  int code = 0;
  auto next = asked.words.begin();
  for (; next != asked.words.end() && !was_interrupted(); ++next) {
    if (next != asked.words.begin() && !asked.json) write_report("\n", asked);
    code = lower_finding(code, exploration(*next, asked).run(documents));
  }
  skip({next, asked.words.end()}, asked, documents);
  return was_interrupted() ? exit_code::interrupted : code;
}

void refuse_for_several(const settings& asked, const std::string& what, const std::string& file) {
  if (asked.words.size() == 1 || file.empty()) return;
  refuse_usage(what + " is of one program, and here are " + std::to_string(asked.words.size()));
}

}  // namespace

int explore(const settings& given) {
  const settings asked = with_shard(given);
  if (asked.words.empty()) refuse_usage("explore needs a PROGRAM; 'list' shows them");
  for (const std::string& name : asked.words) program_called(name);
  refuse_for_several(asked, "a checkpoint", asked.search.checkpoint + asked.search.resume);
  refuse_for_several(asked, "a regression", asked.save);
  expect_documents_writable(asked);
  if (!asked.save.empty()) expect_writable(asked.save);
  catch_interrupts();
  return with_documents(asked, [&](report_documents& to) { return explore_each(asked, to); });
}

}  // namespace braid::cli
