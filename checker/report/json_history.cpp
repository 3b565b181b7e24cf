// Histories as JSON: what --trace adds to outcomes and findings; see json.hpp.
//
// Law: a history that was written and read back draws the same lanes, waits and loops.
#include <charconv>
#include <stdexcept>

#include "json_values.hpp"
#include "names.hpp"
#include "report/json.hpp"

namespace braid {
namespace {

constexpr int goroutine_numbers_max = 1'000'000;  // more than that no file of ours has

json row_to_json(const happening& row) {
  json j;
  j["step"] = row.step == 0 ? json() : json(row.step);
  j["goroutine"] = name_of_goroutine(row.goroutine);
  j["kind"] = row.kind;
  j["text"] = row.text;
  j["at"] = text_or_null(row.at);
  if (!row.object.empty()) j["object"] = row.object;
  if (!row.value.empty()) j["value"] = row.value;
  if (row.creates >= 0) j["creates"] = name_of_goroutine(row.creates);
  for (const int woken : row.wakes) j["wakes"].push_back(name_of_goroutine(woken));
  if (row.waits) j["waits"] = true;
  if (!row.reason.empty()) j["reason"] = row.reason;
  if (!row.waits_for.empty()) j["waits_for"] = row.waits_for;
  if (row.is_deviation) j["deviation"] = row.deviation;
  for (const possibility& other : row.could()) {
    j["could"].push_back({{"deviation", other.deviation},
                          {"goroutine", other.goroutine},
                          {"text", other.text},
                          {"at", text_or_null(other.at)}});
  }
  if (!row.after.empty()) j["after"] = row.after;
  return j;
}

json goroutine_to_json(const goroutine_history& g) {
  json j;
  j["name"] = g.name;
  j["created_at"] = text_or_null(g.created_at);
  if (!g.label.empty()) j["label"] = g.label;
  j["finished"] = g.finished;
  if (g.waiting_row >= 0) j["waits_since_event"] = g.waiting_row;
  for (const held_lock& held : g.holds) {
    j["holds"].push_back({{"object", held.object},
                          {"since_step", held.step},
                          {"at", text_or_null(held.at)},
                          {"as_reader", held.is_shared}});
  }
  if (g.created_by >= 0) j["created_by"] = name_of_goroutine(g.created_by);
  if (g.finished) j["finished_step"] = g.finished_step;
  if (g.last_row >= 0) j["last_event"] = g.last_row;
  if (g.is_stuck) j["stuck"] = g.is_deadlocked ? "lock" : "no-reference";
  if (!g.loop.empty()) j["loop_of_events"] = g.loop;
  return j;
}

[[noreturn]] void refuse(const char* what) { throw std::invalid_argument(what); }

int goroutine_from(const json& j) {
  const auto name = j.get<std::string>();
  if (name == "main") return 0;
  if (name == "timers") return happening::timers;
  int number = 0;
  const char* const end = name.data() + name.size();
  if (name.size() < 2 || name[0] != 'g') refuse("no goroutine has that name");
  const auto [stop, error] = std::from_chars(name.data() + 1, end, number);
  if (error != std::errc{} || stop != end || number < 1 || number >= goroutine_numbers_max) {
    refuse("no goroutine has that name");
  }
  return number;
}

// What was taken is not among them.
choice choice_from_json(const json& others) {
  choice made;
  for (const json& other : others) {
    made.all.push_back({.deviation = other.at("deviation"),
                        .goroutine = other.at("goroutine"),
                        .text = other.at("text"),
                        .at = text_from(other.at("at"))});
  }
  made.taken = made.all.size();
  return made;
}

happening row_from_json(const json& j) {
  happening row{.step = j.at("step").is_null() ? 0U : j.at("step").get<std::uint32_t>(),
                .goroutine = goroutine_from(j.at("goroutine")),
                .kind = j.at("kind"),
                .text = j.at("text"),
                .at = text_from(j.at("at")),
                .object = j.value("object", ""),
                .value = j.value("value", "")};
  for (const json& woken : j.value("wakes", json::array())) {
    row.wakes.push_back(goroutine_from(woken));
  }
  if (j.contains("creates")) row.creates = goroutine_from(j.at("creates"));
  row.waits = j.value("waits", false);
  row.reason = j.value("reason", "");
  row.waits_for = j.value("waits_for", row.waits_for);
  row.is_deviation = j.contains("deviation");
  row.deviation = j.value("deviation", "");
  if (j.contains("could")) row.choices.push_back(choice_from_json(j.at("could")));
  row.after = j.value("after", std::vector<int>());
  return row;
}

// REQUIRES: below `rows`, which is what this checks.
int row_number_from(const json& j, std::size_t rows) {
  const auto row = j.get<std::size_t>();
  if (row >= rows) refuse("there is no such event");
  return static_cast<int>(row);
}

goroutine_history goroutine_from_json(const json& j, std::size_t rows) {
  goroutine_history g{.name = j.at("name"),
                      .created_at = text_from(j.at("created_at")),
                      .label = j.value("label", "")};
  g.finished = j.at("finished");
  if (j.contains("waits_since_event")) {
    g.waiting_row = row_number_from(j.at("waits_since_event"), rows);
  }
  for (const json& held : j.value("holds", json::array())) {
    g.holds.push_back({.object = held.at("object"),
                       .step = held.at("since_step"),
                       .at = text_from(held.at("at")),
                       .is_shared = held.at("as_reader")});
  }
  if (j.contains("created_by")) g.created_by = goroutine_from(j.at("created_by"));
  g.finished_step = j.value("finished_step", 0U);
  if (j.contains("last_event")) g.last_row = row_number_from(j.at("last_event"), rows);
  g.is_stuck = j.contains("stuck");
  g.is_deadlocked = j.value("stuck", "") == "lock";
  for (const json& row : j.value("loop_of_events", json::array())) {
    g.loop.push_back(row_number_from(row, rows));
  }
  return g;
}

json object_to_json(const object_history& o) {
  json j;
  j["name"] = o.name;
  j["short_name"] = o.short_name;
  j["made_at"] = text_or_null(o.made_at);
  j["made_after"] = o.made_after;
  if (!o.made_as.empty()) j["made_as"] = o.made_as;
  for (const object_history::use& u : o.uses) {
    j["uses"].push_back({{"goroutine", name_of_goroutine(u.goroutine)},
                         {"kind", u.kind},
                         {"step", u.step},
                         {"at", text_or_null(u.at)},
                         {"took_effect", u.took_effect}});
  }
  if (o.writer.goroutine >= 0) {
    j["writer"] = {{"goroutine", name_of_goroutine(o.writer.goroutine)},
                   {"step", o.writer.step},
                   {"at", text_or_null(o.writer.at)}};
  }
  if (o.to_go != 0) j["to_go"] = o.to_go;
  return j;
}

object_history object_from_json(const json& j) {
  object_history o{.name = j.at("name"),
                   .short_name = j.at("short_name"),
                   .made_at = text_from(j.at("made_at")),
                   .made_after = j.at("made_after"),
                   .made_as = j.value("made_as", "")};
  for (const json& u : j.value("uses", json::array())) {
    o.uses.push_back({.goroutine = goroutine_from(u.at("goroutine")),
                      .kind = u.at("kind"),
                      .step = u.at("step"),
                      .at = text_from(u.at("at")),
                      .took_effect = u.at("took_effect")});
  }
  if (j.contains("writer")) {
    const json& writer = j.at("writer");
    o.writer = {goroutine_from(writer.at("goroutine")), writer.at("step"),
                text_from(writer.at("at"))};
  }
  o.to_go = j.value("to_go", o.to_go);
  return o;
}

json race_to_json(const race_history& r) {
  const auto access = [](const race_history::access& a) -> json {
    return {{"goroutine", name_of_goroutine(a.goroutine)},
            {"step", a.step},
            {"kind", a.kind},
            {"writes", a.writes},
            {"at", text_or_null(a.at)}};
  };
  return {{"object", r.object},
          {"made_at", text_or_null(r.made_at)},
          {"earlier", access(r.earlier)},
          {"later", access(r.later)}};
}

race_history race_from_json(const json& j) {
  const auto access = [](const json& a) {
    return race_history::access{.goroutine = goroutine_from(a.at("goroutine")),
                                .step = a.at("step"),
                                .kind = a.at("kind"),
                                .writes = a.at("writes"),
                                .at = text_from(a.at("at"))};
  };
  return {.object = j.at("object"),
          .made_at = text_from(j.at("made_at")),
          .earlier = access(j.at("earlier")),
          .later = access(j.at("later"))};
}

void refuse_unknown_goroutines(const history& told) {
  const auto check = [&](int goroutine) {
    if (goroutine >= static_cast<int>(told.goroutines.size())) refuse("an unknown goroutine");
  };
  check(told.stopped_in);
  for (const race_history& r : told.races) {
    check(r.earlier.goroutine);
    check(r.later.goroutine);
  }
  for (const goroutine_history& g : told.goroutines) check(g.created_by);
  for (const object_history& o : told.objects) {
    check(o.writer.goroutine);
    for (const object_history::use& u : o.uses) check(u.goroutine);
  }
  for (const happening& row : told.rows) {
    check(row.goroutine);
    check(row.creates);
    for (const int woken : row.wakes) {
      check(woken);
      if (woken < 0) refuse("the timers are no goroutine");
    }
    for (const int earlier : row.after) {
      if (earlier < 0 || earlier >= static_cast<int>(told.rows.size())) refuse("no such event");
    }
  }
}

void add_histories(const json& from, histories& to) {
  for (const json& one : from) {
    const std::string token = text_from(one.at("token"));
    if (one.contains("events") && to.count(token) == 0) to[token] = history_from_json(one);
  }
}

}  // namespace

json to_json(const history& told) {
  json events = json::array();
  for (const happening& row : told.rows) events.push_back(row_to_json(row));
  return events;
}

void add_history(json& to, const history& told) {
  to["events"] = to_json(told);
  to["goroutines_at_end"] = json::array();
  for (const goroutine_history& g : told.goroutines) {
    to["goroutines_at_end"].push_back(goroutine_to_json(g));
  }
  to["objects_at_end"] = json::array();
  for (const object_history& o : told.objects) to["objects_at_end"].push_back(object_to_json(o));
  for (const race_history& r : told.races) to["races_at_end"].push_back(race_to_json(r));
  if (told.is_cut) to["is_cut"] = true;
  if (told.stopped_in >= 0) to["stopped_in"] = name_of_goroutine(told.stopped_in);
  to["files"] = json::object();
  for (const auto& [name, path] : told.files) to["files"][name] = text_or_null(path);
}

history history_from_json(const json& j) {
  history told;
  for (const json& row : j.at("events")) told.rows.push_back(row_from_json(row));
  for (const json& g : j.at("goroutines_at_end")) {
    told.goroutines.push_back(goroutine_from_json(g, told.rows.size()));
    const auto number = static_cast<int>(told.goroutines.size()) - 1;
    if (told.goroutines.back().name != name_of_goroutine(number)) refuse("not in their order");
  }
  for (const json& o : j.at("objects_at_end")) told.objects.push_back(object_from_json(o));
  for (const json& r : j.value("races_at_end", json::array())) {
    told.races.push_back(race_from_json(r));
  }
  told.is_cut = j.value("is_cut", false);
  if (j.contains("stopped_in")) told.stopped_in = goroutine_from(j.at("stopped_in"));
  for (const auto& [name, path] : j.at("files").items()) told.files[name] = text_from(path);
  refuse_unknown_goroutines(told);
  return told;
}

histories histories_from_json(const json& j) {
  histories all;
  add_histories(j.at("findings"), all);
  add_histories(j.at("outcomes"), all);
  return all;
}

}  // namespace braid
