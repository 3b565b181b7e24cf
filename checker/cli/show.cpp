// braid show: draws a result of --json again, in this or another form.
//
// A result without events is enough where its program is in this binary: tokens are replayed.
#include <algorithm>
#include <array>

#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/findings.hpp"
#include "cli/refusal.hpp"
#include "cli/result_file.hpp"
#include "cli/terminal.hpp"
#include "cli/values.hpp"
#include "names.hpp"
#include "report/dot.hpp"
#include "report/html.hpp"
#include "report/outcome_text.hpp"
#include "report/perfetto.hpp"
#include "report/story.hpp"
#include "report/table.hpp"

namespace braid::cli {
namespace {

constexpr std::size_t stories_max = 20;  // without -v

// The tokens of a result, findings first, each once; or the one that was asked for.
std::vector<std::string> tokens_of(const report& r, const settings& asked) {
  std::vector<std::string> tokens;
  const auto add = [&](const std::string& token) {
    const bool is_known = std::find(tokens.begin(), tokens.end(), token) != tokens.end();
    const bool is_asked_for = !asked.token || *asked.token == token;
    if (!token.empty() && !is_known && is_asked_for) tokens.push_back(token);
  };
  for (const finding& f : r.findings) add(f.token);
  for (const reported_outcome& o : r.outcomes) add(o.token);
  return tokens;
}

// Replays tokens whose events are not in the file.
class event_source {
 public:
  explicit event_source(const settings& asked) : asked_(asked) {}

  // Adds the history of `token` to the document if that can be had.
  void find(report_document& to, const std::string& token) {
    if (to.told.count(token) > 0) return;
    explore_options options = with_options_of(to.about, asked_).search;
    options.supervise = true;
    try {
      const replay_result again = braid::replay(find_program(to.about.program), token, options);
      if (!again.unfit.empty() || !again.same_trace) {
        return refuse("the program '" + to.about.program + "' is another one here");
      }
      to.told[token] = again.told;
      ++replayed_;
    } catch (const unknown_program&) {
      refuse("no program '" + to.about.program + "' is in this binary");
    } catch (const malformed_token& why) {
      refuse(why.what());
    }
  }

  // Why the last one could not be had; empty: all could.
  const std::string& why_not() const { return why_not_; }

  // What was done beyond reading the file, on stderr.
  void tell() const {
    if (replayed_ == 0) return;
    complain(counted(replayed_, "token") + (replayed_ == 1 ? " was" : " were") +
             " replayed, as the events are not in the file (--trace records them)");
  }

 private:
  void refuse(const std::string& why) { why_not_ = why; }

  const settings& asked_;
  std::uint64_t replayed_ = 0;
  std::string why_not_;
};

// Empty if the program is not in this binary.
std::string replay_here(const report_document& d) {
  try {
    find_program(d.about.program);
  } catch (const unknown_program&) {
    return {};
  }
  return d.replay_command;
}

void write_stories(page& p, const report_document& d, const settings& asked) {
  std::vector<std::string> tokens = tokens_of(d.about, asked);
  std::erase_if(tokens, [&](const std::string& t) { return d.history_of(t) == nullptr; });
  const std::size_t shown = asked.verbose ? tokens.size() : std::min(tokens.size(), stories_max);
  for (std::size_t i = 0; i < shown; ++i) {
    const reported_outcome o = outcome_of(d, tokens[i]);
    p.to(2).put_folded(outcome_in_words(o, p.look()), ink::strong).end_line().end_line();
    write_story(p, o, *d.history_of(tokens[i]),
                {.show_all = asked.verbose, .replay_command = replay_here(d)});
    p.end_line();
  }
  if (shown == tokens.size()) return;
  p.to(2).put(mark::ellipsis).put(" and the lanes of " + with_commas(tokens.size() - shown));
  p.put(" more (-v shows all)").end_line().end_line();
}

std::string lanes_of(const report_document& d, const settings& asked) {
  const report& r = d.about;
  page p(style_of(asked));
  p.put(r.program, ink::strong).to(p.column() + 4);
  p.put(r.strategy + ", timers " + std::string(name_of(r.timers)), ink::faint);
  p.end_line().end_line();
  const bool has_tokens = std::any_of(r.outcomes.begin(), r.outcomes.end(),
                                      [](const reported_outcome& o) { return !o.token.empty(); });
  write_table(p, r, {.show_all = asked.verbose, .with_tokens = has_tokens});
  p.end_line();
  write_findings(p, r, asked.verbose, {.replay_command = replay_here(d)});
  write_warnings(p, r, asked.verbose);
  write_stories(p, d, asked);
  write_summary(p, r);
  return p.take();
}

std::string lanes(const report_documents& all, const settings& asked) {
  std::string text;
  for (const report_document& d : all) text += (text.empty() ? "" : "\n") + lanes_of(d, asked);
  return text;
}

std::string json_lines(const report_documents& all, const settings&) {
  std::string text;
  for (const report_document& d : all) text += text_of(to_json(d.about, d.told)) + "\n";
  return text;
}

// The first that is wrong of each program, or the one that was asked for.
std::vector<shown_execution> executions_of(const report_documents& all, const settings& asked) {
  std::vector<shown_execution> shown;
  for (const report_document& d : all) {
    const std::string token = asked.token ? *asked.token : most_telling_token(d.about);
    if (d.history_of(token) != nullptr) shown.push_back({&d, token});
  }
  return shown;
}

std::string perfetto(const report_documents& all, const settings& asked) {
  return perfetto_of(executions_of(all, asked));
}

std::string dot(const report_documents& all, const settings& asked) {
  return dot_of(executions_of(all, asked));
}

std::string html(const report_documents& all, const settings&) { return html_of(all); }

enum class events_needed { none, of_one, of_all };

struct form {
  std::string_view name;
  events_needed needs;
  bool is_empty_without;  // and there is nothing to show then
  std::string (*text)(const report_documents& all, const settings& asked);
};

// One for each of show_forms.
constexpr std::array forms = {form{"lanes", events_needed::of_one, false, lanes},
                              form{"html", events_needed::of_all, false, html},
                              form{"perfetto", events_needed::of_one, true, perfetto},
                              form{"dot", events_needed::of_one, true, dot},
                              form{"json", events_needed::none, false, json_lines}};
static_assert(forms.size() == show_forms.size());

const form& form_asked_for(const settings& asked) {
  return *std::find_if(forms.begin(), forms.end(),
                       [&](const form& f) { return f.name == asked.form; });
}

// In the order of the file; with --token only programs that have it.
report_documents documents_in(const std::string& path, const settings& asked) {
  report_documents all;
  for (saved_result& r : read_results_in(path, "explore --json --trace PROGRAM > FILE")) {
    if (asked.token && tokens_of(r.about, asked).empty()) continue;
    report_document d{.about = std::move(r.about), .told = std::move(r.told)};
    name_program(d, with_options_of(d.about, asked));
    all.push_back(std::move(d));
  }
  if (!all.empty()) return all;
  refuse_usage("no outcome or finding of '" + path + "' has the token '" + *asked.token + "'");
}

void find_events(report_documents& all, const form& wanted, const settings& asked,
                 event_source& events) {
  if (wanted.needs == events_needed::none) return;
  for (report_document& d : all) {
    const std::vector<std::string> tokens = tokens_of(d.about, asked);
    const bool has_some = std::any_of(tokens.begin(), tokens.end(), [&](const std::string& t) {
      return d.history_of(t) != nullptr;
    });
    const bool takes_any = asked.form == "lanes" && has_some;
    const bool takes_all = wanted.needs == events_needed::of_all || asked.verbose;
    for (const std::string& token : tokens) {
      const bool is_first = asked.token || token == most_telling_token(d.about);
      if (takes_all || (is_first && !takes_any)) events.find(d, token);
    }
  }
}

}  // namespace

int show(const settings& asked) {
  if (asked.words.size() != 1) refuse_usage("show needs one RESULT, a file that --json printed");
  const form& wanted = form_asked_for(asked);
  report_documents all = documents_in(asked.words[0], asked);
  event_source events(asked);
  find_events(all, wanted, asked, events);
  if (wanted.is_empty_without && executions_of(all, asked).empty()) {
    throw refusal(exit_code::bad_file,
                  "'" + asked.words[0] + "' has no events (--trace records them)" +
                      (events.why_not().empty() ? "" : ", and " + events.why_not()));
  }
  events.tell();
  if (!events.why_not().empty()) {
    complain("no events in the file (--trace records them), and " + events.why_not());
  }
  write_out(wanted.text(all, asked));
  return 0;
}

}  // namespace braid::cli
