// Trace events for Perfetto; see perfetto.hpp.
#include "report/perfetto.hpp"

#include <algorithm>

#include "json_values.hpp"
#include "names.hpp"

namespace braid {
namespace {

constexpr double middle = 0.5;  // of a step, where arrows leave and arrive

// Writes the trace events of one execution.
//
// Law: slices of one track do not overlap. The operation of step s is [s, s+1). A wait begins at
// the end of its operation, or before the next step if it has no number, and lasts to the end of
// the step that wakes the goroutine, to its next operation, or to the end of all.
class event_writer {
 public:
  event_writer(const shown_execution& shown, int process, json& events)
      : of_(*shown.of), token_(shown.token), process_(process), events_(events) {
    told_ = of_.history_of(token_);
    std::uint32_t last = 0;
    for (const happening& h : told_->rows) {
      starts_.push_back(h.step > 0 ? h.step : last + 1);
      last = std::max(last, h.step);
    }
    end_ = last + 1;
  }

  void write() {
    name_tracks();
    for (std::size_t row = 0; row < told_->rows.size(); ++row) {
      const happening& h = told_->rows[row];
      if (h.step > 0) write_operation(h);
      if (h.is_deviation) write_instant(h.goroutine, starts_[row], "deviation " + h.deviation, "t");
      if (h.waits) write_wait(row);
      if (h.creates >= 0) write_creation(row);
      for (const int woken : h.wakes) write_arrow(h, "wakes", woken, h.step + middle);
    }
    const verdict lowest = outcome_of(of_, token_).lowest;
    if (is_finding(lowest)) write_instant(0, end_, std::string(name_of(lowest)), "p");
  }

 private:
  // Tracks are numbered from 1: Perfetto takes 0 for the idle thread.
  std::size_t track_of(int goroutine) const {
    return 1 + (goroutine < 0 ? told_->goroutines.size() : static_cast<std::size_t>(goroutine));
  }

  json& add(std::string_view phase, int goroutine, const std::string& name) {
    json j;
    j["ph"] = phase;
    j["pid"] = process_;
    j["tid"] = track_of(goroutine);
    j["name"] = name;
    events_.push_back(std::move(j));
    return events_.back();
  }

  void name_track(int goroutine, const std::string& name) {
    add("M", goroutine, "thread_name")["args"]["name"] = name;
    add("M", goroutine, "thread_sort_index")["args"]["sort_index"] = track_of(goroutine);
  }

  void name_tracks() {
    add("M", 0, "process_name")["args"]["name"] = of_.about.program + " " + token_;
    for (std::size_t g = 0; g < told_->goroutines.size(); ++g) {
      const goroutine_history& one = told_->goroutines[g];
      const std::string& known_by = one.label.empty() ? one.created_at : one.label;
      name_track(static_cast<int>(g), one.name + (known_by.empty() ? "" : " " + known_by));
    }
    const bool has_timers =
        std::any_of(told_->rows.begin(), told_->rows.end(),
                    [](const happening& h) { return h.goroutine == happening::timers; });
    if (has_timers) name_track(happening::timers, "timers");
  }

  void write_operation(const happening& h) {
    const std::string what = h.creates < 0 ? h.text : "go " + name_of_goroutine(h.creates);
    json& j = add("X", h.goroutine, what);
    j["cat"] = h.kind;
    j["ts"] = h.step;
    j["dur"] = 1;
    j["args"]["step"] = h.step;
    if (!h.at.empty()) j["args"]["at"] = h.at;
    if (!h.object.empty()) j["args"]["object"] = h.object;
    if (!h.value.empty()) j["args"]["value"] = h.value;
    if (h.is_deviation) j["args"]["deviation"] = h.deviation;
  }

  void write_instant(int goroutine, std::uint32_t at, const std::string& name,
                     std::string_view scope) {
    json& j = add("i", goroutine, name);
    j["ts"] = at;
    j["s"] = scope;
  }

  struct wait_end {
    double at = 0;
    bool is_end_of_all = false;
  };

  wait_end end_of_wait(std::size_t row) const {
    const int waiting = told_->rows[row].goroutine;
    for (std::size_t later = row + 1; later < told_->rows.size(); ++later) {
      const happening& h = told_->rows[later];
      if (h.goroutine == waiting) return {static_cast<double>(starts_[later])};
      if (std::find(h.wakes.begin(), h.wakes.end(), waiting) != h.wakes.end()) {
        return {static_cast<double>(starts_[later] + 1)};
      }
    }
    return {static_cast<double>(end_), true};
  }

  void write_wait(std::size_t row) {
    const happening& h = told_->rows[row];
    const double start = starts_[row] + (h.step > 0 ? 1 : 0);
    wait_end end = end_of_wait(row);
    if (end.is_end_of_all) end.at = std::max(end.at, start + 1);
    if (end.at <= start) return;
    const std::string what = h.reason.empty() ? h.text : h.reason;
    json& j = add("X", h.goroutine, (end.is_end_of_all ? "waits to the end: " : "waits: ") + what);
    j["cat"] = "wait";
    j["ts"] = start;
    j["dur"] = end.at - start;
    j["args"]["operation"] = h.text;
    if (!h.at.empty()) j["args"]["at"] = h.at;
  }

  // To the first operation of what was created.
  void write_creation(std::size_t row) {
    const happening& h = told_->rows[row];
    for (std::size_t later = row + 1; later < told_->rows.size(); ++later) {
      const happening& first = told_->rows[later];
      if (first.goroutine != h.creates) continue;
      if (first.step > 0) write_arrow(h, "starts", h.creates, first.step + middle);
      return;
    }
  }

  void write_arrow(const happening& from, const std::string& name, int to, double at) {
    if (from.step == 0) return;
    const int id = process_ * 1'000'000 + ++arrows_;
    json& start = add("s", from.goroutine, name);
    start["cat"] = "order";
    start["id"] = id;
    start["ts"] = from.step + middle;
    json& end = add("f", to, name);
    end["cat"] = "order";
    end["id"] = id;
    end["bp"] = "e";  // it ends at the slice around it
    end["ts"] = at;
  }

  const report_document& of_;
  const std::string& token_;
  const history* told_;
  const int process_;
  json& events_;
  std::vector<std::uint32_t> starts_;  // of each row
  std::uint32_t end_ = 0;
  int arrows_ = 0;
};

json about(const shown_execution& shown) {
  const report_document& of = *shown.of;
  json j;
  j["program"] = of.about.program;
  j["token"] = shown.token;
  const reported_outcome o = outcome_of(of, shown.token);
  j["verdict"] = name_of(o.lowest);
  j["output"] = o.output;
  for (const finding& f : of.about.findings) {
    if (f.token == shown.token) j["findings"].push_back(f.summary);
  }
  if (!of.replay_command.empty()) j["replay"] = of.replay_command + " " + shown.token;
  return j;
}

}  // namespace

std::string perfetto_of(const std::vector<shown_execution>& all) {
  json trace;
  trace["displayTimeUnit"] = "ns";
  trace["otherData"] = json::object();
  trace["otherData"]["unit"] = "a step of the schedule is a microsecond";
  trace["otherData"]["executions"] = json::array();
  trace["traceEvents"] = json::array();
  int process = 0;
  for (const shown_execution& shown : all) {
    trace["otherData"]["executions"].push_back(about(shown));
    event_writer(shown, ++process, trace["traceEvents"]).write();
  }
  return text_of(trace) + "\n";
}

}  // namespace braid
