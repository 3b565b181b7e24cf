// Files beside the report; see documents.hpp.
#include "cli/documents.hpp"

#include <algorithm>
#include <array>
#include <braid/scenario.hpp>
#include <csignal>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "cli/environment.hpp"
#include "cli/output_file.hpp"
#include "cli/places.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/terminal.hpp"
#include "report/github.hpp"
#include "report/html.hpp"
#include "report/junit.hpp"
#include "report/outcome_text.hpp"
#include "report/perfetto.hpp"
#include "report/sarif.hpp"

namespace braid::cli {
namespace {

constexpr std::size_t histories_max = 100;  // of findings, and of outcomes; each is a replay

std::string perfetto_of_documents(const report_documents& all) {
  std::vector<shown_execution> shown;
  for (const report_document& d : all) {
    const std::string token = most_telling_token(d.about);
    if (d.history_of(token) != nullptr) shown.push_back({&d, token});
  }
  return perfetto_of(shown);
}

// A kind of file: where it was asked for, and what goes into it. JUnit comes first, as it alone has
// cases that were skipped.
struct document_kind {
  std::string_view option;
  std::string settings::*path;
  std::string (*text)(const report_documents& all);
};

constexpr std::array kinds = {document_kind{"junit", &settings::junit, junit_of},
                              document_kind{"sarif", &settings::sarif, sarif_of},
                              document_kind{"perfetto", &settings::perfetto, perfetto_of_documents},
                              document_kind{"html", &settings::html, html_of}};

// In CI paths are relative to the workspace, wherever braid was started.
std::string folder_of_paths() {
  const std::string workspace = variable("GITHUB_WORKSPACE");
  if (!workspace.empty()) return workspace;
  std::error_code error;
  return std::filesystem::current_path(error).string();
}

// Executions to be told, each once.
class wanted_executions {
 public:
  explicit wanted_executions(const report& r) : about_(r) {}

  void add(const std::string& token) {
    if (token.empty() || !tokens_.insert(token).second) return;
    all_.push_back({.token = token});
    const auto same = std::find_if(about_.outcomes.begin(), about_.outcomes.end(),
                                   [&](const reported_outcome& o) { return o.token == token; });
    if (same == about_.outcomes.end()) return;
    all_.back().is_alone = same->has(verdict::crash) || same->has(verdict::steps);
    if (!same->hung.empty()) all_.back().hangs_at = same->steps;
  }
  void add_findings(const std::vector<const finding*>& found) {
    const std::size_t count = std::min(found.size(), histories_max);
    for (std::size_t i = 0; i < count; ++i) add(found[i]->token);
  }
  // The first that are bad, or else the first that are not.
  void add_outcomes() {
    std::size_t room = histories_max;
    for (const bool bad : {true, false}) {
      for (const reported_outcome& o : about_.outcomes) {
        if (is_bad(o) != bad || room == 0) continue;
        --room;
        add(o.token);
      }
    }
  }
  std::vector<wanted_history> take() { return std::move(all_); }

 private:
  const report& about_;
  std::set<std::string> tokens_;
  std::vector<wanted_history> all_;
};

// 0, or the code of the refusal, which is told.
int attempt(const std::function<void()>& act) {
  try {
    act();
    return 0;
  } catch (const refusal& why) {
    if (*why.what() != '\0') complain(why.what());
    return why.code();
  }
}

// All of them in each file; 0, or the code of what could not be written.
int write_documents(report_documents all, const settings& asked) {
  int code = 0;
  const auto write = [&](const std::function<void()>& act) {
    if (const int failed = attempt(act); failed != 0) code = failed;
  };
  for (const document_kind& kind : kinds) {
    const std::string& path = asked.*kind.path;
    if (kind.path != &settings::junit) {
      std::erase_if(all, [](const report_document& d) { return d.is_skipped; });
    }
    if (!path.empty()) write([&] { write_file(path, kind.text(all)); });
  }
  if (!asked.github) return code;
  const std::string summary = variable("GITHUB_STEP_SUMMARY");
  if (!summary.empty()) write([&] { append_to_file(summary, github_summary_of(all)); });
  const std::string commands = github_commands_of(all);
  write([&] { asked.json ? write_error(commands) : write_report(commands, asked); });
  return code;
}

}  // namespace

bool wants_documents(const settings& asked) {
  for (const document_kind& kind : kinds) {
    if (!(asked.*kind.path).empty()) return true;
  }
  return asked.github;
}

void expect_documents_writable(const settings& asked) {
  std::vector<output_option> files;
  for (const document_kind& kind : kinds) files.push_back({kind.option, asked.*kind.path});
  files.push_back({"save", asked.save});
  // These two may be one: a search goes on in the file that it came from.
  for (const output_option& search : {output_option{"checkpoint", asked.search.checkpoint},
                                      output_option{"resume", asked.search.resume}}) {
    files.push_back(search);
    expect_files_apart(files);
    files.pop_back();
  }
  for (const document_kind& kind : kinds) {
    if (!(asked.*kind.path).empty()) expect_writable(asked.*kind.path);
  }
}

void name_program(report_document& of, const settings& asked) {
  of.folder = folder_of_paths();
  of.replay_command = replay_command(of.about.program, asked);
  try {
    const scenario& s = find_scenario(of.about.program);
    const where at = s.at();
    of.summary = s.summary();
    of.place = place_of(s);
    if (!at) return;
    of.file = at.file();
    of.line = at.line();
  } catch (const unknown_program&) {  // a result of another binary
  }
}

std::vector<wanted_history> histories_wanted(const report& r, const settings& asked) {
  wanted_executions wanted(r);
  wanted.add(most_telling_token(r));
  if (!asked.html.empty()) {
    std::vector<const finding*> all;
    for (const finding& f : r.findings) all.push_back(&f);
    wanted.add_findings(all);
    wanted.add_outcomes();
  } else if (asked.github || !asked.sarif.empty()) {
    wanted.add_findings(one_of_each_cause(r));
  }
  return wanted.take();
}

std::vector<wanted_history> every_history(const report& r) {
  wanted_executions wanted(r);
  for (const finding& f : r.findings) wanted.add(f.token);
  for (const reported_outcome& o : r.outcomes) wanted.add(o.token);
  return wanted.take();
}

report_document document_of(const report& r, int exit_code, std::string text,
                            const settings& asked) {
  report_document d{.about = r, .text = std::move(text), .exit_code = exit_code};
  name_program(d, asked);
  return d;
}

report_document skipped_document(const std::string& program, const settings& asked) {
  report_document d{.exit_code = exit_code::interrupted, .is_skipped = true};
  d.about.program = program;
  name_program(d, asked);
  return d;
}

void write_report(std::string_view text, const settings& asked) {
  if (!wants_documents(asked)) return write_out(text);
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const int failed = attempt([&] { write_out(text); });
  std::signal(SIGPIPE, before);
  if (failed != 0) throw refusal(failed, "");
}

int with_documents(const settings& asked, const std::function<int(report_documents& to)>& print) {
  report_documents all;
  std::optional<refusal> stopped;
  int code = 0;
  try {
    code = print(all);
  } catch (const refusal& why) {
    stopped = why;
  }
  if (stopped && all.empty()) throw *stopped;
  const int failed = wants_documents(asked) ? write_documents(std::move(all), asked) : 0;
  if (stopped) throw *stopped;
  return failed == 0 || code == exit_code::interrupted ? code : failed;
}

}  // namespace braid::cli
