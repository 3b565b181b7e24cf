// What a search has come to; see tally.hpp.
#include "search/tally.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace braid {

void tally::add(const execution& done, std::uint64_t run) {
  const execution::summary& facts = done.facts();
  steps += facts.steps;
  dropped_stacks += facts.dropped;
  diverged += facts.has_diverged;
  if (facts.is_redundant || facts.has_diverged) {
    ++blocked;
    return;
  }
  ++executions;
  hidden_loops += facts.has_hidden_state;
  hung += facts.has_hung;
  cut += done.verdicts().has(verdict::steps) && !facts.has_hidden_state && !facts.has_hung;
  events_max = std::max<std::uint64_t>(events_max, facts.steps - facts.local_steps);
  goroutines_max = std::max<std::uint64_t>(goroutines_max, facts.goroutines);
  run_ons_cut += facts.run_on_cut;
  run_ons_died += facts.run_on_died;
  outcomes.add(done, run);
}

void tally::merge(tally more) {
  executions += more.executions;
  steps += more.steps;
  blocked += more.blocked;
  cut += more.cut;
  hidden_loops += more.hidden_loops;
  hung += more.hung;
  run_ons_cut += more.run_ons_cut;
  run_ons_died += more.run_ons_died;
  events_max = std::max(events_max, more.events_max);
  goroutines_max = std::max(goroutines_max, more.goroutines_max);
  dropped_stacks += more.dropped_stacks;
  diverged += more.diverged;
  gap = std::max(gap, more.gap);
  outcomes.merge(std::move(more.outcomes));
}

nlohmann::json to_message(const tally& t) {
  packer outcomes;
  for (const outcome& o : t.outcomes.all()) pack(outcomes, o);
  return {{"executions", t.executions},
          {"steps", t.steps},
          {"blocked", t.blocked},
          {"cut", t.cut},
          {"run_ons_cut", t.run_ons_cut},
          {"run_ons_died", t.run_ons_died},
          {"dropped", t.dropped_stacks},
          {"diverged", t.diverged},
          {"gap", t.gap},
          {"hidden_loops", t.hidden_loops},
          {"hung", t.hung},
          {"events_max", t.events_max},
          {"goroutines_max", t.goroutines_max},
          {"outcomes", outcomes.take()}};
}

tally tally_from_message(const nlohmann::json& message) {
  tally t{.executions = message.at("executions"),
          .steps = message.at("steps"),
          .blocked = message.at("blocked"),
          .cut = message.at("cut"),
          .hidden_loops = message.at("hidden_loops"),
          .hung = message.at("hung"),
          .run_ons_cut = message.at("run_ons_cut"),
          .run_ons_died = message.at("run_ons_died"),
          .events_max = message.at("events_max"),
          .goroutines_max = message.at("goroutines_max"),
          .dropped_stacks = message.at("dropped"),
          .diverged = message.at("diverged"),
          .gap = message.at("gap"),
          .outcomes = {}};
  unpacker outcomes(message.at("outcomes").get_ref<const std::string&>());
  while (!outcomes.is_at_end()) t.outcomes.merge(unpack_outcome(outcomes));
  return t;
}

}  // namespace braid
