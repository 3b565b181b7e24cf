// braid step: somebody chooses what happens next, sees what each would do, and takes it back.
//
// Commands are lines on stdin, so that a pipe will do; prompts appear on terminals only.
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <optional>

#include "cli/commands.hpp"
#include "cli/findings.hpp"
#include "cli/interrupt.hpp"
#include "cli/places.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/schedule_word.hpp"
#include "cli/terminal.hpp"
#include "cli/token_word.hpp"
#include "explain/walk.hpp"
#include "report/lanes.hpp"
#include "report/page.hpp"

namespace braid::cli {
namespace {

constexpr std::size_t rows_shown = 12;

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> keys = {{
    {"N, g2", "choose this one, by its number or its name"},
    {"Enter", "choose the default"},
    {"u", "undo, as often as you like"},
    {"r N", "the default for N steps"},
    {"c", "the default to the end"},
    {"t", "the token so far"},
    {"s [FILE]", "save the token, for 'replay PROGRAM @FILE'"},
    {"?", "this help"},
    {"q", "quit"},
}};

// Lines of stdin, without the buffer of a stream, so that Ctrl-C is heard.
class line_reader {
 public:
  // None: the input has ended. Throws refusal when interrupted.
  std::optional<std::string> next() {
    for (;;) {
      if (const std::size_t end = text_.find('\n'); end != std::string::npos) {
        const std::string line = text_.substr(0, end);
        text_.erase(0, end + 1);
        return line;
      }
      if (has_ended_) return text_.empty() ? std::nullopt : std::optional(std::exchange(text_, ""));
      read_more();
    }
  }

 private:
  void read_more() {
    std::array<char, 4096> bytes;
    if (was_interrupted()) throw refusal(exit_code::interrupted, "");
    const ssize_t n = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) return;
    has_ended_ = n <= 0;
    if (n > 0) text_.append(bytes.data(), static_cast<std::size_t>(n));
  }

  std::string text_;
  bool has_ended_ = false;
};

std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

class stepping {
 public:
  stepping(walk& by, const std::string& program, const settings& asked)
      : walk_(by),
        program_(program),
        look_(style_of(asked)),
        replay_(replay_command(program, asked)) {}

  int run() {
    show();
    line_reader lines;
    for (;;) {
      if (is_terminal(STDIN_FILENO)) write_out("> ");
      const std::optional<std::string> line = lines.next();
      if (!line || !obey(trimmed(*line))) break;
    }
    return walk_.next() == nullptr ? walk_.ran().outcome.exit_code() : 0;
  }

 private:
  // False: quit.
  bool obey(const std::string& line) {
    const std::string word = line.substr(0, line.find(' '));
    const std::string rest = trimmed(line.substr(word.size()));
    if (word == "q" || word == "quit") return false;
    if (word == "?" || word == "h" || word == "help") return help(), true;
    if (word == "t") return say("token " + token()), true;
    if (word == "s") return save(rest), true;
    if (word == "u") {
      return walk_.undo() ? show() : say("this is where it began; there is nothing to undo"), true;
    }
    if (walk_.next() == nullptr) {
      return say("the execution is over: u goes back, s saves the token, q quits"), true;
    }
    if (word == "c") return go_on(~std::uint32_t{0}), true;
    if (word == "r") {
      const std::optional<std::uint32_t> steps = number_in(rest);
      if (!steps || *steps == 0) return say("r needs a number of steps, as in: r 10"), true;
      return go_on(*steps), true;
    }
    choose(line);
    return true;
  }

  void go_on(std::uint32_t steps) {
    walk_.take_defaults(steps);
    show();
  }

  void choose(const std::string& line) {
    const std::optional<std::size_t> chosen = line.empty() ? 0 : chosen_by(line);
    if (!chosen) return;
    if (!walk_.take(*chosen)) {
      return say("the execution does not come here again: the program is not deterministic; '" +
                 own_name() + " check " + program_ + "' says where");
    }
    show();
  }

  std::optional<std::size_t> chosen_by(const std::string& line) {
    const std::vector<possibility>& all = walk_.next()->all;
    if (const std::optional<std::uint32_t> number = number_in(line)) {
      if (*number >= 1 && *number <= all.size()) return *number - 1;
      say("there are only " + std::to_string(all.size()) + " to choose from");
      return std::nullopt;
    }
    const auto is_called = [&](const possibility& p) { return p.goroutine == line; };
    const auto found = std::find_if(all.begin(), all.end(), is_called);
    if (found == all.end()) {
      say("'" + printable(line, look_) +
          "' is none of these, and no command; ? shows the commands");
      return std::nullopt;
    }
    if (std::count_if(all.begin(), all.end(), is_called) > 1) {
      say("there are several of " + line + ": choose by number");
      return std::nullopt;
    }
    return static_cast<std::size_t>(found - all.begin());
  }

  std::string token() const { return walk_.ran().outcome.outcomes.at(0).token; }

  // A file that is there and holds anything but a token is left alone.
  void save(const std::string& path) {
    if (path.empty()) return say("token " + token());
    if (std::ifstream(path).good() && !holds_token(path)) {
      return say("'" + path + "' holds something else than a token; choose another name");
    }
    std::ofstream out(path);
    out << "# " << replay_ << " " << token() << "\n" << token() << "\n" << std::flush;
    if (!out) return say("cannot write '" + path + "'");
    say("saved; " + replay_ + " @" + shell_word(path));
  }

  void say(const std::string& text) {
    page p(look_);
    p.to(2).put_folded(text).end_line();
    write_out(p.take());
  }

  void help() {
    page p(look_);
    for (const auto& [key, meaning] : keys) {
      p.to(2).put(key, ink::strong).to(13).put_folded(meaning).end_line();
    }
    write_out(p.take());
  }

  void show() {
    page p(look_);
    write_rows(p);
    walk_.next() != nullptr ? write_choice(p) : write_end(p);
    p.end_line();
    write_out(p.take());
  }

  void write_rows(page& p) {
    history told = walk_.so_far();
    if (told.rows.empty()) return;
    const std::size_t hidden = told.rows.size() - std::min(told.rows.size(), rows_shown);
    if (hidden > 0) {
      p.to(2).put("(" + counted(hidden, "row") + " before)", ink::faint).end_line();
      told = without_first(std::move(told), hidden);
    }
    const bool is_over = walk_.next() == nullptr;
    const report& r = walk_.ran().outcome;
    const bool waits_for_ever =
        r.has(verdict::leak) || r.has(verdict::deadlock) || r.has(verdict::livelock);
    write_lanes(p, told, {.show_all = true, .waits_for_ever = is_over && waits_for_ever});
    p.end_line();
  }

  // Rows are named by their place: those of the end move with it.
  static history without_first(history told, std::size_t hidden) {
    told.rows.erase(told.rows.begin(), told.rows.begin() + static_cast<std::ptrdiff_t>(hidden));
    for (goroutine_history& g : told.goroutines) {
      g.waiting_row =
          g.waiting_row < static_cast<int>(hidden) ? -1 : g.waiting_row - static_cast<int>(hidden);
      g.loop.clear();
    }
    return told;
  }

  void write_choice(page& p) {
    const std::vector<possibility>& all = walk_.next()->all;
    std::size_t name_columns = 0;
    std::size_t text_columns = 0;
    for (const possibility& one : all) {
      name_columns = std::max(name_columns, columns_of(one.goroutine));
      text_columns = std::max(text_columns, columns_of(printable(one.text, look_)));
    }
    text_columns = std::min(text_columns, look_.width / 2);
    const std::size_t name_at = 6 + std::to_string(all.size()).size();
    const std::size_t text_at = name_at + name_columns + gap;
    p.to(2).put("step " + std::to_string(walk_.next_event()->step), ink::strong).end_line();
    for (std::size_t i = 0; i < all.size(); ++i) {
      p.right(std::to_string(i + 1), name_at - 2, ink::accent);
      p.to(name_at).put(all[i].goroutine, ink::strong);
      p.to(text_at).put(clip(printable(all[i].text, look_), text_columns, look_));
      p.to(text_at + text_columns + gap).put(printable(all[i].at, look_), ink::faint);
      if (i == 0) p.put(all[i].at.empty() ? "default" : "   default");
      p.end_line();
    }
  }

  void write_end(page& p) {
    const replay_result& ran = walk_.ran();
    write_verdict(p, ran.outcome);
    p.end_line().to(2).put("replay   ", ink::faint).put(replay_ + " " + token(), ink::accent);
    p.end_line();
  }

  walk& walk_;
  const std::string program_;
  const style look_;
  const std::string replay_;
};

}  // namespace

int step(const settings& given) {
  if (given.words.empty()) refuse_usage("step needs a PROGRAM ('list' shows them)");
  if (given.words.size() > 2) refuse_usage("step takes one PROGRAM and one TOKEN");
  const program walked = program_called(given.words[0]);
  settings asked = given;
  const std::string token =
      given.words.size() == 2 ? token_named(given.words[1], walked, asked) : "0";
  explore_options options = asked.search;
  options.supervise = true;
  catch_interrupts();
  try {
    walk by(walked, options, token);
    if (!by.ran().unfit.empty()) throw refusal(exit_code::unfit, by.ran().unfit);
    page p(style_of(asked));
    put_program(p, walked.name);
    p.put_beside("? shows the commands", 4, 2, ink::faint).end_line().end_line();
    write_out(p.take());
    return stepping(by, walked.name, asked).run();
  } catch (const wrong_program& why) {
    throw refusal(exit_code::unfit, why.what());
  } catch (const malformed_token& why) {
    refuse_usage(why.what());
  }
}

}  // namespace braid::cli
