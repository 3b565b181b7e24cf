// moby 18412: the output of a command is read while it is still written.
//
// A command is run with a time limit. One goroutine copies its output to a buffer, another one
// waits for it, notes its exit code, and reports. At the limit main kills the command and returns
// the buffer and the exit code, at once: data races with both goroutines. And nobody is left to
// take the report: the second one leaks.
//
// Fixed by sending the exit code with the report, on a channel with room for it, and by waiting for
// the report after the kill, too. (The child process is a goroutine, which takes as long as the
// limit is.)
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <variant>

namespace {

using signal_chan = braid::chan<std::monostate>;

constexpr auto limit = std::chrono::milliseconds(1);

struct command {
  const signal_chan killed = braid::make_chan<std::monostate>();
  const braid::chan<std::string> pipe = braid::make_chan<std::string>();
  const signal_chan copied = braid::make_chan<std::monostate>();
  braid::var<std::string> buffer;
  braid::var<int> exit_code = 0;
};

void run_child(command& c) {
  if (braid::select{braid::recv(braid::after(limit)), braid::recv(c.killed)} == 0) {
    c.pipe.send("output");
  }
  c.pipe.close();
}

void copy_output(command& c) {
  for (const std::string& text : c.pipe) c.buffer.write(c.buffer.read() + text);
  c.copied.close();
}

std::shared_ptr<command> start_command() {
  auto c = std::make_shared<command>();
  braid::go({.name = "child"}, [c] { run_child(*c); });
  braid::go({.name = "copier"}, [c] { copy_output(*c); });
  return c;
}

void run_as_written() {
  const auto c = start_command();
  const signal_chan done = braid::make_chan<std::monostate>();
  braid::go({.name = "waiter"}, [c, done] {
    c->copied.recv();
    c->exit_code.write(1);
    done.send({});
  });
  if (braid::select{braid::recv(braid::after(limit)), braid::recv(done)} == 0) c->killed.close();
  c->buffer.read();
  c->exit_code.read();
}

void run_as_fixed() {
  const auto c = start_command();
  const auto done = braid::make_chan<int>(1);
  braid::go({.name = "waiter"}, [c, done] {
    c->copied.recv();
    done.send(1);
  });
  if (braid::select{braid::recv(braid::after(limit)), braid::recv(done)} == 0) {
    c->killed.close();
    done.recv();
  }
  c->buffer.read();
}

}  // namespace

BRAID_SCENARIO("goker/moby_18412", "a command's output is read at the limit, while it is written",
               {.expected = {"", {"", "race"}}, .exhaustible = false}) {
  run_as_written();
  braid::sleep_for(std::chrono::milliseconds(100));
}
BRAID_SCENARIO("goker/moby_18412-fixed", "a command's output is read when it has ended",
               {.expected = {""}, .exhaustible = false}) {
  run_as_fixed();
  braid::sleep_for(std::chrono::milliseconds(100));
}
