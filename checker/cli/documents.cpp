// Files beside the report; see documents.hpp.
#include "cli/documents.hpp"

#include <array>
#include <braid/scenario.hpp>
#include <csignal>
#include <filesystem>
#include <optional>
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
#include "report/perfetto.hpp"
#include "report/sarif.hpp"

namespace braid::cli {
namespace {

constexpr std::size_t histories_max = 100;  // of one program: each is a replay

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

std::vector<std::string> tokens_wanted(const report& r, const settings& asked) {
  std::vector<std::string> tokens = {most_telling_token(r)};
  if (!asked.html.empty()) {  // a page shows them all
    for (const reported_outcome& o : r.outcomes) tokens.push_back(o.token);
    for (const finding& f : r.findings) tokens.push_back(f.token);
    return tokens;
  }
  if (!asked.github && asked.sarif.empty()) return tokens;
  for (const finding* f : one_of_each_cause(r)) {
    if (tokens.size() < histories_max) tokens.push_back(f->token);
  }
  return tokens;
}

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

report_document document_of(const report& r, int exit_code, std::string text, const settings& asked,
                            const std::function<history(const std::string& token)>& history_by) {
  report_document d{.about = r, .text = std::move(text), .exit_code = exit_code};
  name_program(d, asked);
  for (const std::string& token : tokens_wanted(r, asked)) {
    if (!token.empty() && d.told.count(token) == 0) d.told[token] = history_by(token);
  }
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
