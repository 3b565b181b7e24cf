// Events as labels; see event_label.hpp.
#include "strategy/event_label.hpp"

#include <stdexcept>

namespace braid {

void pack(packer& into, process_id process, std::span<const access> accesses,
          std::span<const trace_choice> choices) {
  into.id(process);
  into.number(accesses.size());
  for (const access& a : accesses) {
    into.id(a.object);
    into.number(static_cast<std::uint64_t>(a.mode));
    into.signed_number(a.amount);
    into.signed_number(a.count);
  }
  into.number(choices.size());
  for (const trace_choice& c : choices) {
    into.number(c.taken);
    into.number(c.of);
  }
}

void pack(packer& into, const event_label& label) {
  pack(into, label.process, label.accesses, label.choices);
}

event_label unpack_label(unpacker& from) {
  event_label label{from.id(), {}, {}};
  for (std::uint64_t left = from.number<std::uint64_t>(); left > 0; --left) {
    access& a = label.accesses.emplace_back();
    a.object = from.id();
    const std::uint64_t mode = from.number<std::uint64_t>();
    if (mode >= detail::modes) throw std::invalid_argument("unknown mode of access");
    a.mode = static_cast<access_mode>(mode);
    a.amount = static_cast<std::int32_t>(from.signed_number());
    a.count = static_cast<std::int32_t>(from.signed_number());
  }
  for (std::uint64_t left = from.number<std::uint64_t>(); left > 0; --left) {
    trace_choice& c = label.choices.emplace_back();
    c.taken = from.number<std::uint32_t>();
    c.of = from.number<std::uint32_t>();
  }
  return label;
}

std::string packed(const event_label& label) { return packed(std::span(&label, 1)); }

event_label unpacked_label(std::string_view text) {
  unpacker from(text);
  return unpack_label(from);
}

std::string packed(std::span<const event_label> labels) {
  packer into;
  for (const event_label& l : labels) pack(into, l);
  return into.take();
}

std::vector<event_label> unpacked_labels(std::string_view text) {
  std::vector<event_label> labels;
  for (unpacker from(text); !from.is_at_end();) labels.push_back(unpack_label(from));
  return labels;
}

}  // namespace braid
