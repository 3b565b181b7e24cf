// JUnit XML; see junit.hpp.
#include "report/junit.hpp"

#include <algorithm>
#include <sstream>

#include "exit_codes.hpp"
#include "names.hpp"
#include "report/text.hpp"

namespace braid {
namespace {

// XML 1.0 has no characters below the space but three, and neither U+FFFE nor U+FFFF, not even as
// references. They become C escapes, as does what is no UTF-8.
std::string legal(std::string_view text) {
  std::string out;
  constexpr style look = {.unicode = true};
  for (bool is_first = true; is_first || !text.empty(); is_first = false) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += printable(text.substr(0, end), look);
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  for (const auto& [bytes, escape] : {std::pair("\xef\xbf\xbe", "\\xef\\xbf\\xbe"),
                                      std::pair("\xef\xbf\xbf", "\\xef\\xbf\\xbf")}) {
    for (std::size_t at = 0; (at = out.find(bytes, at)) != std::string::npos;) {
      out.replace(at, 3, escape);
    }
  }
  return out;
}

std::string escaped_xml(std::string_view text) {
  std::string out;
  for (const char c : legal(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// ` name="value"`; a line break in an attribute would be read as a space.
std::string attribute(std::string_view name, std::string_view value) {
  std::string out = " " + std::string(name) + "=\"";
  for (const char c : escaped_xml(value))
    out += c == '\n' ? std::string("&#10;") : std::string(1, c);
  return out + '"';
}

bool is_error(verdict v) { return v == verdict::crash || v == verdict::nondeterministic; }

struct suite_counts {
  std::size_t failures = 0;  // cases with a failure
  std::size_t errors = 0;    // cases with an error, and no failure
  std::size_t skipped = 0;   // cases with neither, that were interrupted or not reached
  double seconds = 0;
};

bool lacks_completeness(const report_document& d) { return d.exit_code == exit_code::incomplete; }

// Without a finding it neither failed nor passed.
bool is_skipped(const report_document& d) {
  return d.is_skipped || (d.about.was_interrupted && d.about.findings.empty());
}

suite_counts count(const report_documents& all) {
  suite_counts counts;
  for (const report_document& d : all) {
    const std::vector<finding>& found = d.about.findings;
    const bool fails =
        lacks_completeness(d) ||
        std::any_of(found.begin(), found.end(), [](const finding& f) { return !is_error(f.what); });
    if (fails) ++counts.failures;
    if (!fails && !found.empty()) ++counts.errors;
    if (is_skipped(d)) ++counts.skipped;
    counts.seconds += d.about.seconds;
  }
  return counts;
}

std::string attributes_of(const suite_counts& counts, std::size_t tests) {
  return attribute("tests", std::to_string(tests)) +
         attribute("failures", std::to_string(counts.failures)) +
         attribute("errors", std::to_string(counts.errors)) +
         attribute("skipped", std::to_string(counts.skipped)) +
         attribute("time", fixed(counts.seconds, 3));
}

void write_property(std::ostringstream& to, std::string_view name, const std::string& value) {
  to << "        <property" << attribute("name", name) << attribute("value", value) << "/>\n";
}

void write_properties(std::ostringstream& to, const report_document& d) {
  const report& r = d.about;
  to << "      <properties>\n";
  write_property(to, "strategy", r.strategy);
  write_property(to, "seed", std::to_string(r.seed));
  write_property(to, "timers", std::string(name_of(r.timers)));
  write_property(to, "executions", std::to_string(r.executions));
  if (r.classes) write_property(to, "classes", std::to_string(*r.classes));
  write_property(to, "outcomes", std::to_string(r.outcomes.size()));
  write_property(to, "complete", r.complete ? "true" : "false");
  if (!r.complete) write_property(to, "why_incomplete", r.why_incomplete);
  for (const source_place& program : places_of(d, {})) {
    write_property(to, "source", program.file + ":" + std::to_string(program.line));
  }
  to << "      </properties>\n";
}

void write_problem(std::ostringstream& to, std::string_view element, std::string_view type,
                   std::string_view message, std::string_view text) {
  to << "      <" << element << attribute("type", type) << attribute("message", message) << ">"
     << escaped_xml(text) << "</" << element << ">\n";
}

std::string text_of(const finding& f, const report_document& d) {
  if (f.token.empty()) return f.summary + "\n";
  return f.summary + "\n\nreplay   " + d.replay_command + " " + f.token + "\n";
}

void write_skipped(std::ostringstream& to, std::string_view why) {
  to << "      <skipped" << attribute("message", why) << "/>\n";
}

void write_case(std::ostringstream& to, const report_document& d) {
  to << "    <testcase" << attribute("name", d.about.program) << attribute("classname", "braid")
     << attribute("time", fixed(d.about.seconds, 3)) << ">\n";
  if (d.is_skipped) {
    write_skipped(to, "not explored: interrupted");
    to << "    </testcase>\n";
    return;
  }
  write_properties(to, d);
  if (is_skipped(d)) write_skipped(to, "not complete: " + d.about.why_incomplete);
  const std::vector<const finding*> found = one_of_each_cause(d.about);
  for (const finding* f : found) {
    write_problem(to, is_error(f->what) ? "error" : "failure", name_of(f->what), f->summary,
                  f == found.front() ? d.text : text_of(*f, d));
  }
  if (lacks_completeness(d)) {
    write_problem(to, "failure", "incomplete", "not complete: " + d.about.why_incomplete, d.text);
  } else if (found.empty()) {
    to << "      <system-out>" << escaped_xml(d.text) << "</system-out>\n";
  }
  to << "    </testcase>\n";
}

}  // namespace

std::string junit_of(const report_documents& all) {
  const std::string counts = attributes_of(count(all), all.size());
  std::ostringstream to;
  to << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
     << "<testsuites" << attribute("name", "braid") << counts << ">\n"
     << "  <testsuite" << attribute("name", "braid") << counts << ">\n";
  for (const report_document& d : all) write_case(to, d);
  to << "  </testsuite>\n</testsuites>\n";
  return to.str();
}

}  // namespace braid
