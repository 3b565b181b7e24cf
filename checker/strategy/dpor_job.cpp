// A job of dpor as a value; see dpor_job.hpp.
#include "strategy/dpor_job.hpp"

#include <nlohmann/json.hpp>

#include "packing.hpp"

namespace braid {

using json = nlohmann::json;

namespace {

// Lists are packed as one text each: values for all of their parts would take longer to make, to
// send and to destroy than a short job takes.

void pack(packer& into, const std::vector<std::string>& texts) {
  into.number(texts.size());
  for (const std::string& t : texts) into.text(t);
}

std::vector<std::string> unpack_texts(unpacker& from) {
  std::vector<std::string> texts;
  for (std::uint64_t left = from.number<std::uint64_t>(); left > 0; --left) {
    texts.emplace_back(from.text());
  }
  return texts;
}

std::string packed(const std::vector<std::string>& texts) {
  packer into;
  pack(into, texts);
  return into.take();
}

std::vector<std::string> unpacked_texts(const std::string& bytes) {
  unpacker from(bytes);
  return unpack_texts(from);
}

std::string packed(const std::vector<dpor_frame>& frames) {
  packer into;
  for (const dpor_frame& f : frames) {
    into.text(f.event);
    into.text(f.asleep);
    pack(into, f.todo);
    into.number(f.explored);
    into.number(f.leaf_begun);
  }
  return into.take();
}

std::vector<dpor_frame> unpacked_frames(const std::string& bytes) {
  std::vector<dpor_frame> frames;
  for (unpacker from(bytes); !from.is_at_end();) {
    dpor_frame& f = frames.emplace_back();
    f.event = from.text();
    f.asleep = from.text();
    f.todo = unpack_texts(from);
    f.explored = from.number<std::uint32_t>();
    f.leaf_begun = from.number<std::uint64_t>();
  }
  return frames;
}

std::string packed(const std::vector<outward_sequence>& sequences) {
  packer into;
  for (const outward_sequence& s : sequences) {
    into.number(s.place);
    into.text(s.sequence);
  }
  return into.take();
}

std::vector<outward_sequence> unpacked_sequences(const std::string& bytes) {
  std::vector<outward_sequence> sequences;
  for (unpacker from(bytes); !from.is_at_end();) {
    outward_sequence& s = sequences.emplace_back();
    s.place = from.number<std::uint32_t>();
    s.sequence = from.text();
  }
  return sequences;
}

}  // namespace

json to_value(const dpor_job& job) {
  return {{"base", job.base},
          {"path", packed(job.path)},
          {"frames", packed(job.frames)},
          {"guide", job.guide},
          {"relies_on_waking", job.relies_on_waking},
          {"event", job.event},
          {"outward", packed(job.outward)},
          {"executions", job.executions},
          {"largest_leaf", job.largest_leaf},
          {"share", job.share},
          {"done", job.is_done}};
}

dpor_job dpor_job_from_value(const json& value) {
  const auto bytes = [&](const char* key) -> const std::string& {
    return value.at(key).get_ref<const std::string&>();
  };
  return {.base = value.at("base"),
          .path = unpacked_texts(bytes("path")),
          .frames = unpacked_frames(bytes("frames")),
          .guide = value.at("guide"),
          .relies_on_waking = value.at("relies_on_waking"),
          .event = value.at("event"),
          .outward = unpacked_sequences(bytes("outward")),
          .executions = value.at("executions"),
          .largest_leaf = value.at("largest_leaf"),
          .share = value.at("share"),
          .is_done = value.at("done")};
}

}  // namespace braid
