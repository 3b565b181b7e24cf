// A job of dpor: what begins with some sequence of events, or what is left of that.
//
// Labels of events, trees and sequences are packed bytes, which JSON can hold only as CBOR.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace braid {

// A place of the execution that was explored last, and what is to be done there.
struct dpor_frame {
  std::string event;              // that was executed here; of the last frame: empty
  std::string asleep;             // who sleeps here
  std::vector<std::string> todo;  // trees to be explored here after the event
  std::uint32_t explored = 0;     // branches before it
  std::uint64_t leaf_begun = 0;  // the execution that ended a guide of several events here; 0: none
};

// The reversal of a race whose earlier event lies above the job, to be inserted there.
struct outward_sequence {
  std::uint32_t place;
  std::string sequence;
};

struct dpor_job {
  std::uint32_t base = 0;  // the number of events with which all of it begins
  // These events, without the last one if the job is new. Their choices count, not what they touch.
  std::vector<std::string> path;
  std::vector<dpor_frame> frames;  // of each event after the path
  // A tree that comes at the last frame; empty: it is explored freely from there.
  std::string guide;
  // Elder siblings are not done: if somebody sleeps at the end of its path after all, what is
  // missing may be lost.
  bool relies_on_waking = false;

  // What came of it since it was given away:
  std::string event = {};  // the last one of the base, once it was executed
  std::vector<outward_sequence> outward = {};
  std::uint64_t executions = 0;
  // The most executions that began with one sequence of several planned events.
  std::uint64_t largest_leaf = 0;
  double share = 0;  // of it that is done
  bool is_done = false;

  // False: it came back without an execution, and has not gone down its path.
  bool is_begun() const { return path.size() == base; }
};

nlohmann::json to_value(const dpor_job& job);
dpor_job dpor_job_from_value(const nlohmann::json& value);

}  // namespace braid
