// Graphs for Graphviz; see dot.hpp.
#include "report/dot.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "explain/waiting.hpp"
#include "json_values.hpp"
#include "names.hpp"
#include "report/text.hpp"

namespace braid {
namespace {

constexpr std::size_t graph_rows_max = 500;  // more than that nobody can read

// In quotes. Graphviz knows two escapes: of the quote and of the backslash.
std::string dot_string(std::string_view text) {
  constexpr style look = {.unicode = true};
  std::string out = "\"";
  for (const char c : printable(text, look)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// Lines of a label, from the left.
std::string dot_label(const std::vector<std::string>& lines) {
  std::string out = "\"";
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    const std::string quoted = dot_string(line);
    out += quoted.substr(1, quoted.size() - 2) + "\\l";
  }
  return out + '"';
}

std::string dot_name(const char* kind, std::size_t number) { return kind + std::to_string(number); }

// Who waits for what at the end, and who holds it.
class wait_drawing {
 public:
  wait_drawing(std::ostringstream& to, const history& told) : to_(to), told_(told) {
    for (const involved_goroutine& waiting : explain_waits(told, verdict::deadlock)) {
      for (std::size_t g = 0; waiting.in_cycle && g < told.goroutines.size(); ++g) {
        if (told.goroutines[g].name == waiting.name) in_cycle_.insert(g);
      }
    }
  }

  void draw() {
    for (std::size_t g = 0; g < told_.goroutines.size(); ++g) {
      if (!told_.goroutines[g].finished && told_.goroutines[g].waiting_row >= 0) draw_wait(g);
    }
    for (std::size_t g = 0; g < told_.goroutines.size(); ++g) draw_holds(g);
  }

 private:
  void draw_goroutine(std::size_t g, const std::vector<std::string>& more) {
    if (!drawn_.insert(g).second) return;
    const goroutine_history& one = told_.goroutines[g];
    std::vector<std::string> lines = {one.name + (one.label.empty() ? "" : " " + one.label)};
    if (!one.created_at.empty()) lines.push_back("go at " + one.created_at);
    lines.insert(lines.end(), more.begin(), more.end());
    to_ << "  " << dot_name("g", g) << " [shape=box, label=" << dot_label(lines)
        << color_of(in_cycle_.count(g) > 0) << "];\n";
  }

  static const char* color_of(bool is_red) { return is_red ? ", color=red" : ""; }

  // An operation without an object, such as a select, waits for itself.
  std::string resource_of(const happening& wait) {
    const std::string& name = wait.object.empty() ? wait.text : wait.object;
    const auto [known, is_new] = resources_.emplace(name, resources_.size());
    const std::string node = dot_name("r", known->second);
    if (is_new) to_ << "  " << node << " [shape=ellipse, label=" << dot_string(name) << "];\n";
    return node;
  }

  void draw_wait(std::size_t g) {
    const happening& wait = told_.rows[static_cast<std::size_t>(told_.goroutines[g].waiting_row)];
    draw_goroutine(g, {});
    const std::string resource = resource_of(wait);
    to_ << "  " << dot_name("g", g) << " -> " << resource
        << " [label=" << dot_label({wait.text, wait.at}) << color_of(in_cycle_.count(g) > 0)
        << "];\n";
  }

  // Of what nobody waits for is not told.
  void draw_holds(std::size_t g) {
    const goroutine_history& one = told_.goroutines[g];
    for (std::size_t i = 0; i < one.holds.size(); ++i) {
      const auto resource = resources_.find(one.holds[i].object);
      if (resource == resources_.end()) continue;
      draw_goroutine(g, {one.finished ? "returned" : "does not wait"});
      to_ << "  " << dot_name("r", resource->second) << " -> " << dot_name("g", g)
          << " [style=bold, label="
          << dot_label({"held since step " + std::to_string(one.holds[i].step)})
          << color_of(in_cycle_.count(g) > 0 && is_awaited_in_cycle(one.holds[i].object)) << "];\n";
    }
  }

  bool is_awaited_in_cycle(const std::string& object) const {
    return std::any_of(in_cycle_.begin(), in_cycle_.end(), [&](std::size_t g) {
      const int row = told_.goroutines[g].waiting_row;
      return told_.rows[static_cast<std::size_t>(row)].object == object;
    });
  }

  std::ostringstream& to_;
  const history& told_;
  std::set<std::size_t> in_cycle_;
  std::set<std::size_t> drawn_;
  std::map<std::string, std::size_t> resources_;
};

// What came before what.
class order_drawing {
 public:
  order_drawing(std::ostringstream& to, const history& told)
      : to_(to), told_(told), rows_(std::min(told.rows.size(), graph_rows_max)) {}

  void draw() {
    for (std::size_t g = 0; g < told_.goroutines.size(); ++g) draw_goroutine(static_cast<int>(g));
    draw_goroutine(happening::timers);
    for (std::size_t row = 0; row < rows_; ++row) {
      const happening& h = told_.rows[row];
      if (h.creates >= 0) draw_arrow(row, next_of(h.creates, row), "starts", "solid");
      for (const int woken : h.wakes) draw_arrow(row, next_of(woken, row), "wakes", "solid");
      if (!h.object.empty()) draw_use(row);
    }
    if (rows_ == told_.rows.size()) return;
    to_ << "  more [shape=plaintext, label="
        << dot_string("... and " + counted(told_.rows.size() - rows_, "row") + " more") << "];\n";
  }

 private:
  void draw_goroutine(int goroutine) {
    std::vector<std::size_t> own;
    for (std::size_t row = 0; row < rows_; ++row) {
      if (told_.rows[row].goroutine == goroutine) own.push_back(row);
    }
    if (own.empty()) return;
    to_ << "  subgraph cluster_" << goroutine + 1 << " {\n    label="
        << dot_string(goroutine < 0 ? "timers"
                                    : told_.goroutines[static_cast<std::size_t>(goroutine)].name)
        << ";\n";
    for (const std::size_t row : own) draw_event(row);
    for (std::size_t i = 1; i < own.size(); ++i) {
      to_ << "    " << dot_name("e", own[i - 1]) << " -> " << dot_name("e", own[i]) << ";\n";
    }
    to_ << "  }\n";
  }

  void draw_event(std::size_t row) {
    const happening& h = told_.rows[row];
    const std::string step = h.step > 0 ? std::to_string(h.step) + "  " : "";
    const std::string what = h.creates < 0 ? h.text : "go " + name_of_goroutine(h.creates);
    const std::string gives = h.value.empty() ? "" : " -> " + h.value;
    to_ << "    " << dot_name("e", row) << " [shape=box, label="
        << dot_label({step + what + gives + (h.waits ? "  waits" : ""), h.at,
                      h.is_deviation ? "deviation " + h.deviation : ""})
        << (h.is_deviation ? ", style=bold" : "") << "];\n";
  }

  // The next row of a goroutine; the number of rows if there is none.
  std::size_t next_of(int goroutine, std::size_t after) const {
    for (std::size_t row = after + 1; row < rows_; ++row) {
      if (told_.rows[row].goroutine == goroutine) return row;
    }
    return rows_;
  }

  void draw_arrow(std::size_t from, std::size_t to, const std::string& label,
                  std::string_view look) {
    if (to >= rows_) return;
    to_ << "  " << dot_name("e", from) << " -> " << dot_name("e", to) << " [style=" << look
        << ", label=" << dot_string(label) << "];\n";
  }

  // From the last use of the object, if another goroutine had it.
  void draw_use(std::size_t row) {
    const happening& h = told_.rows[row];
    const auto last = last_use_.find(h.object);
    if (last != last_use_.end() && told_.rows[last->second].goroutine != h.goroutine) {
      draw_arrow(last->second, row, h.object, "dashed");
    }
    last_use_[h.object] = row;
  }

  std::ostringstream& to_;
  const history& told_;
  const std::size_t rows_;
  std::map<std::string, std::size_t> last_use_;
};

bool ends_in_waits(const reported_outcome& o) {
  return o.has(verdict::deadlock) || o.has(verdict::leak);
}

}  // namespace

std::string dot_of(const std::vector<shown_execution>& all) {
  std::ostringstream to;
  for (const shown_execution& shown : all) {
    const history& told = *shown.of->history_of(shown.token);
    const reported_outcome o = outcome_of(*shown.of, shown.token);
    const std::string title =
        shown.of->about.program + " " + shown.token + ": " + std::string(name_of(o.lowest));
    to << "digraph " << dot_string(shown.of->about.program) << " {\n  label=" << dot_string(title)
       << ";\n  labelloc=t;\n  node [fontname=\"monospace\"];\n  edge [fontname=\"monospace\"];\n";
    ends_in_waits(o) ? wait_drawing(to, told).draw() : order_drawing(to, told).draw();
    to << "}\n";
  }
  return to.str();
}

}  // namespace braid
