// braid run: the program in production, on threads that share its goroutines.
#include <braid/run.hpp>

#include "cli/commands.hpp"
#include "cli/places.hpp"
#include "cli/production.hpp"
#include "cli/refusal.hpp"
#include "cli/terminal.hpp"
#include "report/json.hpp"
#include "report/outcome_text.hpp"
#include "report/table.hpp"

namespace braid::cli {
namespace {

constexpr std::uint64_t runs_against = 100;  // if it is not said how many

// `ran on 3 threads: 12, 11, 9 goroutines`.
std::string workers_in_words(const std::vector<std::uint64_t>& goroutines) {
  std::string text = "ran on " + counted(goroutines.size(), "thread") + ":";
  for (std::size_t w = 0; w < goroutines.size(); ++w) {
    text += (w == 0 ? " " : ", ") + with_commas(goroutines[w]);
  }
  return text + " goroutines";
}

// Does not return if the program panics, deadlocks or calls exit().
int run_once(const program& chosen, const settings& asked) {
  if (asked.json) refuse_usage("run --json prints a table; say how many runs with -n");
  std::vector<std::uint64_t> goroutines;
  const int code = braid::run(chosen.main, {.workers = asked.workers,
                                            .time_scale = asked.time_scale,
                                            .goroutines_by_worker = &goroutines});
  if (asked.verbose || (asked.workers_given && !asked.quiet))
    complain(workers_in_words(goroutines));
  return code;
}

// Adds a finding for each outcome that was not explored.
void compare(report& r, const explored_set& explored) {
  for (const reported_outcome& o : r.outcomes) {
    if (explored.has(o)) continue;
    r.findings.push_back(
        {.what = verdict::mismatch,
         .summary = "production has an outcome that RESULT has not: " + outcome_in_short(o)});
  }
}

void print_table(const report& r, const settings& asked, const explored_set* explored) {
  page p(style_of(asked));
  if (!asked.quiet) {
    put_program(p, r.program);
    p.put_beside("production", 4, 2, ink::faint).end_line().end_line();
    write_table(p, r, {.show_all = asked.verbose, .with_tokens = false});
    p.end_line();
  }
  for (const reported_outcome& o : r.outcomes) {
    if (explored == nullptr || explored->has(o)) continue;
    p.to(2).put(mark::bad, ink::bad).put(" mismatch", ink::bad).put("   not in " + *asked.against);
    p.put(": ").put_folded(outcome_in_words(o, p.look())).end_line();
  }
  if (!r.findings.empty() && !(explored->is_complete && explored->is_free)) {
    p.to(4).put_folded("The result is of a search that was " +
                       std::string(explored->is_complete ? "" : "not complete") +
                       (explored->is_complete || explored->is_free ? "" : " and ") +
                       (explored->is_free ? "" : "without --timers free, as machines are") +
                       ": production may have more outcomes than it.");
    p.end_line();
  }
  if (!r.findings.empty()) p.end_line();
  write_summary(p, r);
  write_out(p.take());
}

int run_and_compare(const program& chosen, settings asked) {
  if (!asked.search.runs_max) asked.search.runs_max = runs_against;
  std::optional<explored_set> explored;
  if (asked.against) explored = read_explored(*asked.against, chosen.name);
  report r = run_many(chosen, asked);
  if (explored) compare(r, *explored);
  if (asked.json) {
    write_out(text_of(to_json(r)) + "\n");
  } else {
    print_table(r, asked, explored ? &*explored : nullptr);
  }
  return r.exit_code();
}

}  // namespace

int run(const settings& asked) {
  if (asked.words.size() != 1) refuse_usage("run needs one PROGRAM; 'list' shows them");
  const program chosen = program_called(asked.words[0]);
  const bool is_many = asked.search.runs_max || asked.against;
  return is_many ? run_and_compare(chosen, asked) : run_once(chosen, asked);
}

}  // namespace braid::cli
