// An event by what is known of it where it is compared with others, apart from the execution in
// which it happened.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "packing.hpp"
#include "trace/trace_log.hpp"

namespace braid {

struct event_label {
  process_id process = 0;
  std::vector<access> accesses;
  // The choices that must be made in it, or were; what comes after them is free.
  std::vector<trace_choice> choices;
};

void pack(packer& into, process_id process, std::span<const access> accesses,
          std::span<const trace_choice> choices);
void pack(packer& into, const event_label& label);
event_label unpack_label(unpacker& from);

std::string packed(const event_label& label);
event_label unpacked_label(std::string_view text);
// One after another.
std::string packed(std::span<const event_label> labels);
std::vector<event_label> unpacked_labels(std::string_view text);

}  // namespace braid
