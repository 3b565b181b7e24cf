// braid help: what the commands do, and their options, from the table in options.cpp.
#include <array>
#include <optional>
#include <utility>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/terminal.hpp"
#include "cli/topics.hpp"
#include "cli/values.hpp"
#include "explain/advice.hpp"
#include "report/page.hpp"

namespace braid::cli {
namespace {

constexpr std::size_t help_at = 26;

constexpr std::array topics = {
    topic{"list", command::list, "list [PATTERN]", "programs, with one line each",
          "PATTERN is a part of a name or summary, or a name with * and ?."},
    topic{"explore", command::explore, "explore PROGRAM...",
          "every outcome, with a schedule for each",
          "Runs each PROGRAM in every order (or as many as the budget allows) and prints the "
          "outcomes, what is wrong with them, and a token for each that 'replay' follows. "
          "Without -n and -t dpor and dfs run to their end; auto and what samples stop after 20 "
          "million steps, so that the same command gives the same result. PROGRAM may end in a "
          "size, as ring:25."},
    topic{"run", command::run, "run PROGRAM", "real runs, on the production scheduler",
          "Runs PROGRAM once and ends as it does: 0, 2 after a panic or deadlock, n after exit(n). "
          "With -n it runs in N processes, and the table of their outcomes is printed; then the "
          "exit code is 0 whatever they came to, or 16 if that is not in --against."},
    topic{"replay", command::replay, "replay PROGRAM TOKEN", "follows a schedule, shows its lanes",
          "TOKEN is what 'explore' prints; @FILE reads it from the first line of a file that is no "
          "# comment, or follows a regression (.braid) by names, and says what of it does not fit "
          "any more; --strategy, --seed and --run name the run of a search instead. The options "
          "of a search that change executions or forbid outcomes must be given again, but a "
          "regression has them. Exit code "
          "125 if the schedule cannot be followed: 'git bisect run braid replay ...' skips."},
    topic{"shrink", command::shrink, "shrink PROGRAM TOKEN",
          "fewest preemptions, then fewest steps, same verdict",
          "Looks for the smallest execution with the same verdict and the same cause, and for the "
          "step at which it is decided. TOKEN may be @FILE, as that of replay. The exit code is "
          "the verdict's; 125 if the schedule cannot "
          "be followed."},
    topic{"diff", command::diff, "diff PROGRAM TOKEN [TOKEN]", "where a bad and a good run part",
          "The first TOKEN is of an execution with a finding; each may be @FILE, as that of "
          "replay. Without the second one the nearest "
          "execution without its verdict is looked for."},
    topic{"merge", command::merge, "merge RESULT...", "adds up shards",
          "RESULT is a file that 'explore --shard I/N --json' printed. The sum is complete if all "
          "shards are there, and complete."},
    topic{
        "step", command::step, "step PROGRAM [TOKEN]", "choose what happens next yourself",
        "Shows what could happen next, and what each of it would do; a number or a name chooses, "
        "Enter takes the default, u takes back, s saves the token, ? shows all commands. It reads "
        "lines from stdin, and begins where the deviations of TOKEN, or of @FILE, end. The exit "
        "code is that of "
        "the verdict if the execution came to its end."},
    topic{
        "check", command::check, "check PROGRAM", "is it deterministic under braid?",
        "Follows the default schedule and sampled ones, each in a process of its own and twice in "
        "one that has run the others, with the heap moved. Exit code 17, with the first step "
        "that differs, if a schedule does not do the same each time."},
    topic{"show", command::show, "show RESULT", "draws a result again, in this or another form",
          "RESULT is a file that --json printed, with --trace if it is to hold the events; - reads "
          "it from stdin. Where events are missing and the program is in this binary its token is "
          "replayed. Without --token, perfetto and dot show the first finding of each program, or "
          "else its first outcome. Dot draws who waits for whom after a deadlock or leak, and else "
          "the order of events. Exit code 0 whatever the result says."},
    topic{"completion", command::completion, "completion SHELL",
          "a script that completes what is typed",
          "SHELL is bash, zsh or fish. For example, in ~/.bashrc: source <(braid completion bash)"},
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> exit_codes = {{
    {"0", "nothing wrong within what was explored; the report says complete, or why not"},
    {"3", "not complete, and --require-complete"},
    {"10 11 12 13 14 15",
     "panic or fatal error, deadlock, data race, goroutine leak, livelock, not linearizable: the "
     "lowest that occurred"},
    {"16", "outcome mismatch (--expect, --forbid, --allow, --against)"},
    {"17", "not deterministic under braid"},
    {"18", "the program crashed"},
    {"125", "no such program, or this schedule cannot be followed"},
    {"128", "a file cannot be read, written or used"},
    {"129", "usage"},
    {"130", "interrupted, after printing the table so far"},
    {"134", "a bug in braid"},
}};

void write_line(page& p, std::string_view what, std::string_view text) {
  p.to(2).put(what, ink::strong);
  if (p.column() + 2 > help_at) p.end_line();
  p.to(help_at).put_folded(text).end_line();
}

void write_general(page& p) {
  p.put(own_name(), ink::strong)
      .put_folded(": every outcome of a goroutine program, with a schedule for each.");
  p.end_line().end_line();
  for (const topic& t : topics) write_line(p, t.usage, t.summary);
  write_line(p, "help [COMMAND]", "this text, or that of a command with its options");
  write_line(p, "help VERDICT", "what it means, its usual cause and the usual fix");
  write_line(p, "--version", "the version");
  p.end_line().put("Exit codes", ink::strong).end_line();
  for (const auto& [code, meaning] : exit_codes) write_line(p, code, meaning);
  p.end_line().put_folded("For example: " + own_name() + " explore foo-vs-after --timers free");
  p.end_line();
}

std::string names_of(const option& o) {
  std::string text = o.letter != 0 ? std::string("-") + o.letter + ", --" : "    --";
  text += o.name;
  return o.value.empty() ? text : text + " " + std::string(o.value);
}

void write_topic(page& p, const topic& t) {
  p.put("usage: " + own_name() + " ").put(t.usage, ink::strong).put(" [OPTION...]");
  p.end_line().end_line();
  p.put_folded(t.details).end_line();
  std::string_view section;
  for (const option& o : options()) {
    if (!o.belongs_to(t.which)) continue;
    if (o.section != section) p.end_line().put(o.section, ink::strong).end_line();
    section = o.section;
    write_line(p, names_of(o), o.help);
  }
  p.end_line();
  p.put_folded(
      "Every option but --help can be given as a variable too, a flag as 1: --max-steps as "
      "BRAID_MAX_STEPS. What is given on the command line wins.");
  p.end_line();
}

void write_advice(page& p, const advice& a) {
  p.put(name_of(a.what), ink::strong);
  const int code = exit_code_of(a.what);
  p.put(code == 0 ? "   no finding" : "   exit code " + std::to_string(code), ink::faint);
  p.end_line().end_line().put_folded(a.meaning).end_line();
  const std::pair<std::string_view, std::string_view> parts[] = {{"Usual cause", a.cause},
                                                                 {"Usual fix", a.fix}};
  for (const auto& [title, text] : parts) {
    p.end_line().put(title, ink::strong).end_line().to(2).put_folded(text).end_line();
  }
}

std::string all_commands() {
  std::string names;
  for (const topic& t : topics) names += (names.empty() ? "" : ", ") + std::string(t.name);
  return names;
}

}  // namespace

std::span<const topic> all_topics() { return topics; }

int help(std::string_view about, const settings& asked) {
  page p(style_of(asked));
  if (about.empty() || about == "help") {
    write_general(p);
    write_out(p.take());
    return 0;
  }
  for (const topic& t : topics) {
    if (t.name != about) continue;
    write_topic(p, t);
    write_out(p.take());
    return 0;
  }
  const std::optional<verdict> named = verdict_named(about);
  if (const advice* const a = named ? advice_on(*named) : nullptr) {
    write_advice(p, *a);
    write_out(p.take());
    return 0;
  }
  refuse_usage("no help on '" + std::string(about) + "'; the commands are " + all_commands() +
               "; the verdicts are " + all_verdicts());
}

}  // namespace braid::cli
