// What an execution did that may order two accesses; see sync_log.hpp.
#include "detect/sync_log.hpp"

namespace braid {

void sync_log::created(const goroutine& g) {
  note({.kind = sync_entry_kind::born, .goroutine = g.number, .step = step_});
}

void sync_log::made(const op& made) {
  note({.kind = sync_entry_kind::made,
        .op = made.text == "var" ? op_kind::write : op_kind::made,
        .goroutine = goroutine::current().number,
        .step = step_,
        .object = id_of(made.object),
        .text = made.text,
        .argument = made.argument,
        .at = made.at});
}

void sync_log::does(std::uint32_t step, const goroutine& g, const op& what) {
  step_ = step;
  note({.kind = sync_entry_kind::arrives,
        .op = what.kind,
        .goroutine = g.number,
        .step = step,
        .object = what.kind == op_kind::go ? 0 : id_of(what.object),
        .argument = what.argument,
        .at = what.at});
  for (const op& arm : what.arms) {
    if (arm.object == nullptr) continue;
    const bool sends = arm.kind == op_kind::send;
    note({.kind = sends ? sync_entry_kind::offers : sync_entry_kind::expects,
          .op = arm.kind,
          .goroutine = g.number,
          .step = step,
          .object = id_of(arm.object),
          .at = what.at});
  }
}

void sync_log::done(const goroutine& g, const event& what) {
  const op* done = &what.done;
  if (done->kind == op_kind::select) {
    if (what.result < 0) return;  // default
    done = &done->arms[static_cast<std::size_t>(what.result)];
  }
  note({.kind = sync_entry_kind::completes,
        .op = done->kind,
        .more = what.more,
        .goroutine = g.number,
        .step = step_,
        .object = done->kind == op_kind::go ? 0 : id_of(done->object),
        .argument = done->argument,
        // Of an update without a condition it is 1.
        .result = what.result,
        .at = what.done.at});
}

void sync_log::fires(std::uint32_t step, const alarm& which, bool) {
  step_ = step;
  note({.kind = sync_entry_kind::fires,
        .step = step,
        .object = id_of(which.object),
        .at = which.at});
}

void sync_log::armed(const alarm& which) {
  note({.kind = sync_entry_kind::armed,
        .goroutine = goroutine::current().number,
        .step = step_,
        .object = id_of(which.object)});
}

void sync_log::woken(const goroutine& g, const op& waited) {
  note({.kind = sync_entry_kind::woken,
        .op = waited.kind,
        .goroutine = g.number,
        .step = step_,
        .object = id_of(waited.object)});
}

}  // namespace braid
