// The progress line; see progress.hpp.
#include "cli/progress.hpp"

#include <unistd.h>
#include <array>

#include "cli/terminal.hpp"
#include "report/text.hpp"

namespace braid::cli {
namespace {

constexpr double seconds_between_redraws = 0.1;
constexpr double seconds_between_lines = 10;

constexpr std::array<std::string_view, 10> spinner = {"⠋", "⠙", "⠹", "⠸", "⠼",
                                                      "⠴", "⠦", "⠧", "⠇", "⠏"};
constexpr std::array<std::string_view, 4> ascii_spinner = {"|", "/", "-", "\\"};

std::string rate_of(const report& r) {
  const double rate = r.seconds > 0 ? static_cast<double>(r.executions) / r.seconds : 0;
  if (rate >= 1e6) return fixed(rate / 1e6, 1) + " M/s";
  if (rate >= 1e3) return fixed(rate / 1e3, 1) + " k/s";
  return fixed(rate, 0) + "/s";
}

}  // namespace

progress::form progress::form_for(const settings& asked) {
  if (asked.quiet || asked.no_progress) return form::none;
  const char* terminal = getenv("TERM");
  const bool can_redraw = terminal == nullptr || std::string_view(terminal) != "dumb";
  if (is_terminal(STDERR_FILENO) && can_redraw) return form::redrawn;
  return asked.json ? form::none : form::plain;
}

progress::progress(const settings& asked, const style& look)
    : form_(form_for(asked)),
      look_(look),
      width_(columns_of_terminal(STDERR_FILENO)),
      next_at_(form_ == form::plain ? seconds_between_lines : seconds_between_redraws) {}

namespace {

// `~31 % of 40 k  0:01 left`. What is left is guessed by what was done.
std::string outlook_of(const report& r) {
  constexpr double least = 1e-4;
  constexpr double year = 365 * 24 * 3600.0;
  double left = r.seconds_left.value_or(year);
  std::string share;
  if (r.share_done >= least) {
    left = std::min(left, r.seconds * (1 - r.share_done) / r.share_done);
    share = "  ~" + fixed(100 * r.share_done, r.share_done < 0.01 ? 2 : 0) + " % of " +
            in_short(static_cast<double>(r.executions) / r.share_done);
  }
  return share + (left < year ? "  " + as_clock(left) + " left" : "");
}

}  // namespace

std::string progress::line(const report& so_far) const {
  return so_far.program + "  " + so_far.strategy + "  " + counted(so_far.executions, "run") + "  " +
         rate_of(so_far) + "  " + counted(so_far.outcomes.size(), "outcome") + "  " +
         counted(so_far.findings.size(), "bug") + outlook_of(so_far);
}

void progress::show(const report& so_far) {
  if (form_ == form::none || so_far.seconds < next_at_) return;
  draw(so_far.seconds, line(so_far));
}

void progress::show_followed(const std::string& program, std::size_t done, std::size_t all) {
  const double seconds = since_.seconds();
  if (form_ == form::none || seconds < next_at_) return;
  draw(seconds,
       program + "  " + with_commas(done) + " of " + counted(all, "execution") + " followed again");
}

void progress::draw(double seconds, const std::string& line) {
  if (form_ == form::plain) {
    next_at_ = seconds + seconds_between_lines;
    write_error("braid: " + line + "  " + in_words(seconds) + "\n");
    return;
  }
  next_at_ = seconds + seconds_between_redraws;
  ++turns_;
  const std::string_view turn = look_.unicode ? spinner[turns_ % spinner.size()]
                                              : ascii_spinner[turns_ % ascii_spinner.size()];
  const std::string text = "  " + std::string(turn) + " " + line;
  write_error("\r\x1b[K" + (width_ > 1 ? clip(text, width_ - 1, look_) : text));
  is_drawn_ = true;
}

void progress::erase() {
  if (is_drawn_) write_error("\r\x1b[K");
  is_drawn_ = false;
}

}  // namespace braid::cli
