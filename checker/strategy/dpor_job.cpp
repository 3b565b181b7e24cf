// A job of dpor as a value; see dpor_job.hpp.
#include "strategy/dpor_job.hpp"

#include <nlohmann/json.hpp>

namespace braid {

using json = nlohmann::json;

json to_value(const dpor_job& job) {
  json frames = json::array();
  for (const dpor_frame& f : job.frames) {
    frames.push_back({f.event, f.asleep, f.todo, f.explored, f.leaf_begun});
  }
  json outward = json::array();
  for (const outward_sequence& o : job.outward) outward.push_back({o.place, o.sequence});
  return {{"base", job.base},
          {"path", job.path},
          {"frames", frames},
          {"guide", job.guide},
          {"relies_on_waking", job.relies_on_waking},
          {"event", job.event},
          {"outward", outward},
          {"executions", job.executions},
          {"largest_leaf", job.largest_leaf},
          {"share", job.share},
          {"done", job.is_done}};
}

dpor_job dpor_job_from_value(const json& value) {
  dpor_job job{.base = value.at("base"),
               .path = value.at("path"),
               .frames = {},
               .guide = value.at("guide"),
               .relies_on_waking = value.at("relies_on_waking"),
               .event = value.at("event"),
               .outward = {},
               .executions = value.at("executions"),
               .largest_leaf = value.at("largest_leaf"),
               .share = value.at("share"),
               .is_done = value.at("done")};
  for (const json& f : value.at("frames")) {
    job.frames.push_back({f.at(0), f.at(1), f.at(2), f.at(3), f.at(4)});
  }
  for (const json& o : value.at("outward")) job.outward.push_back({o.at(0), o.at(1)});
  return job;
}

}  // namespace braid
