// Reports for GitHub Actions; see github.hpp.
#include "report/github.hpp"

#include <algorithm>

#include "exit_codes.hpp"
#include "report/outcome_text.hpp"
#include "report/text.hpp"

namespace braid {
namespace {

constexpr std::size_t summary_rows_max = 50;
constexpr style summary_look = {.unicode = true};

// A line break, and what separates the properties of a command, are percent-encoded.
std::string command_text(std::string_view text, bool is_property) {
  std::string out;
  for (const char c : text) {
    const bool is_special =
        c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
    out += is_special ? code : std::string(1, c);
  }
  return out;
}

std::string command(std::string_view level, const source_place& at, const std::string& title,
                    const std::string& message) {
  std::string text = "::" + std::string(level) + " ";
  if (!at.file.empty()) text += "file=" + command_text(at.file, true) + ",";
  if (!at.file.empty() && at.line > 0) text += "line=" + std::to_string(at.line) + ",";
  text += "title=" + command_text(title, true);
  return text + "::" + command_text(message, false) + "\n";
}

std::string replay_hint(const report_document& d, const std::string& token) {
  return token.empty() ? "" : "\nreplay: " + d.replay_command + " " + token;
}

std::string commands_of(const report_document& d) {
  const std::string& program = d.about.program;
  std::string text;
  for (const finding* f : one_of_each_cause(d.about)) {
    const std::vector<source_place> places = places_of(d, *f);
    text += command("error", places.empty() ? source_place{} : places.front(),
                    std::string(name_of(f->what)) + " in " + program,
                    printable(f->summary, summary_look) + replay_hint(d, f->token));
  }
  if (d.exit_code == exit_code::incomplete) {
    text += command("error", {.file = {}}, "not complete: " + program, d.about.why_incomplete);
  }
  for (const foreign_unlock& u : d.about.warnings) {
    text += command("warning", find_place(d, u.unlocked_at), "foreign unlock in " + program,
                    u.object + ", locked by " + u.locked_by + " " + u.locked_at +
                        ", is unlocked by " + u.unlocked_by + replay_hint(d, u.token));
  }
  return text;
}

// As text in Markdown, also in a table: whatever could be markup is a numeric entity.
std::string markdown(std::string_view text) {
  std::string out;
  for (const char c : printable(text, summary_look)) {
    const auto code = static_cast<unsigned char>(c);
    const bool is_plain = code >= 0x80 || c == ' ' || std::isalnum(code) != 0;
    out += is_plain ? std::string(1, c) : "&#" + std::to_string(code) + ";";
  }
  return out;
}

std::string in_code(std::string_view text) { return "<code>" + markdown(text) + "</code>"; }

std::string_view mark_of(const reported_outcome& o, const report& r) {
  const bool is_wrong = std::any_of(r.findings.begin(), r.findings.end(),
                                    [&](const finding& f) { return f.token == o.token; });
  if (is_bad(o) || is_wrong) return "❌";
  return o.has(verdict::steps) ? "❔" : "✅";
}

std::string summary_table(const report& r) {
  std::string text = "\n| | count | outcome | replay |\n|---|---:|---|---|\n";
  const std::size_t shown = std::min(r.outcomes.size(), summary_rows_max);
  for (std::size_t i = 0; i < shown; ++i) {
    const reported_outcome& o = r.outcomes[i];
    text += "| " + std::string(mark_of(o, r)) + " | " + with_commas(o.count) + " | " +
            in_code(outcome_in_words(o, summary_look)) + " | " + in_code(o.token) + " |\n";
  }
  if (shown < r.outcomes.size()) {
    text += "\nand " + counted(r.outcomes.size() - shown, "more outcome") + "\n";
  }
  return text;
}

std::string summary_of(const report_document& d) {
  const report& r = d.about;
  std::string text = "### " + markdown(r.program) + "\n\n";
  text += r.complete ? "complete: " : "not complete (" + markdown(r.why_incomplete) + "): ";
  text += counted(r.outcomes.size(), "outcome") + ", " + counted(r.executions, "run") + " of " +
          markdown(r.strategy) + "\n";
  text += summary_table(r);
  const std::vector<const finding*> found = one_of_each_cause(r);
  if (!found.empty()) text += "\n";
  for (const finding* f : found) {
    text += "* **" + std::string(name_of(f->what)) + "** " + markdown(f->summary);
    for (const source_place& at : places_of(d, *f)) {
      text += ", " + in_code(at.file + (at.line > 0 ? ":" + std::to_string(at.line) : ""));
    }
    if (!f->token.empty()) text += "  " + in_code(d.replay_command + " " + f->token);
    text += "\n";
  }
  return text + "\n";
}

}  // namespace

std::string github_commands_of(const report_documents& all) {
  std::string text;
  for (const report_document& d : all) text += commands_of(d);
  return text;
}

std::string github_summary_of(const report_documents& all) {
  std::string text = "## braid\n\n";
  for (const report_document& d : all) text += summary_of(d);
  return text;
}

}  // namespace braid
