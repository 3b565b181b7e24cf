// Calls as intervals in lanes; see call_lanes.hpp.
#include "detect/call_lanes.hpp"

#include <algorithm>
#include <map>

#include "names.hpp"

namespace braid {
namespace {

struct lane_event {
  std::uint32_t place;
  std::size_t call;
  bool is_return;
};

struct columns {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Where each call begins and ends, in columns: in the order of the events, and far enough apart for
// the text between them. `end`: where open calls end.
std::vector<columns> lay_out(const std::vector<drawn_call>& calls, std::size_t& end) {
  std::vector<lane_event> events;
  for (std::size_t c = 0; c < calls.size(); ++c) {
    events.push_back({calls[c].called, c, false});
    if (!calls[c].is_open) events.push_back({calls[c].returned, c, true});
  }
  std::sort(events.begin(), events.end(),
            [](const lane_event& a, const lane_event& b) { return a.place < b.place; });
  std::vector<columns> placed(calls.size());
  end = 0;
  for (const lane_event& e : events) {
    const std::size_t shortest = placed[e.call].begin + calls[e.call].text.size() + 3;
    if (e.is_return) {
      placed[e.call].end = std::max(end, shortest);
      end = placed[e.call].end + 1;
    } else {
      placed[e.call].begin = end;
      end += 2;
    }
  }
  for (std::size_t c = 0; c < calls.size(); ++c) {
    if (calls[c].is_open) end = std::max(end, placed[c].begin + calls[c].text.size() + 6);
  }
  return placed;
}

void draw_one(std::string& lane, const drawn_call& call, columns at, std::size_t end) {
  const std::size_t last = call.is_open ? end : at.end;
  if (lane.size() <= last) lane.resize(last + 1, ' ');
  lane.replace(at.begin, last + 1 - at.begin, last + 1 - at.begin, '-');
  lane[at.begin] = '|';
  lane.replace(at.begin + 2, call.text.size(), call.text);
  if (call.is_open) {
    lane.replace(last - 2, 3, "...");
  } else {
    lane[last] = '|';
  }
}

std::string without_blanks_at_end(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string draw_calls(std::vector<drawn_call> calls, std::uint32_t noted, const std::string& note,
                       std::size_t width) {
  constexpr std::size_t text_max = 40;
  for (drawn_call& c : calls) {
    if (c.text.size() > text_max) c.text = c.text.substr(0, text_max - 3) + "...";
  }
  std::size_t end = 0;
  const std::vector<columns> placed = lay_out(calls, end);
  std::map<std::uint32_t, std::string> lanes;
  for (std::size_t c = 0; c < calls.size(); ++c) {
    draw_one(lanes[calls[c].goroutine], calls[c], placed[c], end);
  }
  if (lanes.count(noted) != 0) lanes[noted] += note;
  std::size_t name_width = 0;
  std::size_t longest = 0;
  for (const auto& [goroutine, lane] : lanes) {
    name_width = std::max(name_width, name_of_goroutine(goroutine).size() + 2);
    longest = std::max(longest, lane.size());
  }
  const std::size_t band = width - name_width;
  std::string text;
  for (std::size_t from = 0; from < longest; from += band) {
    if (from > 0) text += '\n';
    for (const auto& [goroutine, lane] : lanes) {
      std::string line = name_of_goroutine(goroutine);
      line.resize(name_width, ' ');
      if (from < lane.size()) line += lane.substr(from, band);
      text += without_blanks_at_end(std::move(line)) + '\n';
    }
  }
  return text;
}

}  // namespace braid
