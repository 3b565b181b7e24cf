// Judges histories of calls, and explains those that are not linearizable; see
// <braid/testing/linearizability.hpp>. The search itself is linear_search.hpp.
//
// Tokens. A queue, a stack or a pool of things has many states that differ only in the order of
// what overlapping calls have put in, and that show only when it is taken out: a search that has to
// go through them all does not come to an end. But a linearization of the history is one of the
// calls on any two of these things, too, with all others out of the way. So, if the model says
// which calls handle which thing, each two of them whose lives overlap are judged first, by
// themselves: where that fails, the history is not linearizable, and these few calls show it; where
// it succeeds only with two calls in one order, all linearizations have them in that order. What is
// left to the search is seldom more than one order.
#include <algorithm>
#include <numeric>

#include "detect/call_lanes.hpp"
#include "detect/linear_search.hpp"
#include "names.hpp"

namespace braid {
namespace {

using outcome = linear_search::outcome;
using detail::numbered_model;
using detail::timed_call;

constexpr std::size_t width_max = 92;
// Operations in an explanation: so many are shown in any case, and no more than so many.
constexpr std::size_t shown_min = 6;
constexpr std::size_t shown_max = 16;

// What the calls on each two tokens tell.
class token_pairs {
 public:
  struct precedence {
    std::uint32_t first;
    std::uint32_t then;
  };

  token_pairs(std::span<const timed_call> calls, linear_search& search) : search_(search) {
    for (std::uint32_t c = 0; c < calls.size(); ++c) {
      if (!calls[c].token) {
        if (calls[c].is_pending) may_take_any_.push_back(c);
        continue;
      }
      if (*calls[c].token >= tokens_.size()) tokens_.resize(*calls[c].token + 1);
      token& t = tokens_[*calls[c].token];
      t.calls.push_back(c);
      t.begin = std::min(t.begin, search.called(c));
      t.end = std::max(t.end, search.returned(c));
    }
    // One that comes again and again tells little.
    std::erase_if(tokens_, [](const token& t) { return t.calls.size() > calls_max; });
    std::sort(tokens_.begin(), tokens_.end(),
              [](const token& a, const token& b) { return a.begin < b.begin; });
  }

  // False if some calls cannot be put into an order: they are chosen in the search, which has
  // failed.
  bool judge() {
    if (may_take_any_.size() > free_max) return true;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!judge(tokens_[i].calls, {})) return false;
      // A token that is never taken out lives on.
      const bool lives_on = tokens_[i].calls.size() == 1;
      for (std::size_t k = i + 1; k < tokens_.size(); ++k) {
        if (!lives_on && tokens_[k].begin > tokens_[i].end) break;
        if (++judged_ > pairs_max) return true;
        if (!judge(tokens_[i].calls, tokens_[k].calls)) return false;
      }
    }
    return true;
  }

  const std::vector<precedence>& known() const { return known_; }
  const std::vector<std::uint32_t>& members() const { return members_; }

 private:
  static constexpr std::size_t calls_max = 4;  // on one token
  static constexpr std::size_t free_max = 2;
  static constexpr std::size_t pairs_max = 200'000;
  static constexpr std::uint64_t states_max = 1000;  // of one pair

  struct token {
    std::vector<std::uint32_t> calls = {};
    std::uint32_t begin = linear_search::none;
    std::uint32_t end = 0;
  };

  bool judge(const std::vector<std::uint32_t>& one, const std::vector<std::uint32_t>& other) {
    members_ = one;
    members_.insert(members_.end(), other.begin(), other.end());
    members_.insert(members_.end(), may_take_any_.begin(), may_take_any_.end());
    if (is_impossible({})) return false;
    for (const std::uint32_t a : one) {
      for (const std::uint32_t b : other) {
        if (!search_.overlap(a, b)) continue;
        if (is_impossible(precedence{a, b})) {
          known_.push_back({b, a});
        } else if (is_impossible(precedence{b, a})) {
          known_.push_back({a, b});
        }
      }
    }
    return true;
  }

  bool is_impossible(std::optional<precedence> with) {
    search_.choose(members_);
    if (with) search_.must_precede(with->first, with->then);
    return search_.run(states_max) == outcome::impossible;
  }

  linear_search& search_;
  std::vector<token> tokens_;
  std::vector<std::uint32_t> may_take_any_;  // pending calls of which no token is known
  std::vector<std::uint32_t> members_;
  std::vector<precedence> known_;
  std::size_t judged_ = 0;
};

// Why the calls that took part in a search that failed have no linearization.
class explanation {
 public:
  explanation(std::span<const timed_call> calls, numbered_model& model, const linear_search& search,
              std::span<const std::uint32_t> members)
      : calls_(calls), model_(model), search_(search) {
    const std::uint32_t end = search.returned(search.stuck());
    for (const std::uint32_t c : members) {
      if (search.called(c) < end) shown_.push_back(c);
    }
    std::sort(shown_.begin(), shown_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return search.called(a) < search.called(b);
    });
    states_.push_back(model.initial());
    for (const std::uint32_t c : search.order()) states_.push_back(model.apply(states_.back(), c));
    hide_the_past();
  }

  std::string text() const {
    const std::uint32_t stuck = search_.stuck();
    const std::string who = name_of_goroutine(calls_[stuck].goroutine);
    std::string all = who + ": " + model_.describe_call(stuck) + " cannot be placed\n";
    if (hidden_ > 0) all += "after " + counted(hidden_) + state_at(hidden_in_order_) + ":\n";
    all += draw();
    all += folded("longest linearizable prefix: " + prefix());
    const std::uint32_t last = states_.back();
    all += folded("then the state is " + model_.describe_state(last) + ", where " + who +
                  " would get " + model_.describe_result(last, stuck));
    return all;
  }

 private:
  // Up to the last moment at which no call was under way, or more if that leaves too many.
  void hide_the_past() {
    std::size_t first = 0;
    std::uint32_t latest = 0;  // return so far
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      const std::uint32_t c = shown_[i];
      if (search_.called(c) > latest) first = i;
      if (!calls_[c].is_pending) latest = std::max(latest, search_.returned(c));
    }
    if (shown_.size() <= shown_min) first = 0;
    if (shown_.size() - first > shown_max) first = shown_.size() - shown_max;
    const auto is_past = [&](std::uint32_t c) {
      const auto place = std::find(shown_.begin(), shown_.end(), c) - shown_.begin();
      return static_cast<std::size_t>(place) < first;
    };
    const std::vector<std::uint32_t>& order = search_.order();
    while (hidden_in_order_ < order.size() && is_past(order[hidden_in_order_])) ++hidden_in_order_;
    // What is hidden must have come before all that is shown.
    const auto later = order.begin() + static_cast<std::ptrdiff_t>(hidden_in_order_);
    if (std::any_of(later, order.end(), is_past)) hidden_in_order_ = no_state;
    hidden_ = first;
    shown_.erase(shown_.begin(), shown_.begin() + static_cast<std::ptrdiff_t>(first));
  }

  std::string state_at(std::size_t place) const {
    if (place == no_state) return "";
    return ", with the state " + model_.describe_state(states_[place]);
  }

  static std::string counted(std::size_t n) {
    return std::to_string(n) + (n == 1 ? " operation" : " operations");
  }

  std::string draw() const {
    const std::uint32_t end = search_.returned(search_.stuck());
    std::vector<drawn_call> drawn;
    for (const std::uint32_t c : shown_) {
      const bool is_open = calls_[c].is_pending || search_.returned(c) > end;
      drawn.push_back({.goroutine = calls_[c].goroutine,
                       .text = model_.describe_call(c),
                       .called = search_.called(c),
                       .returned = search_.returned(c),
                       .is_open = is_open});
    }
    const std::string lanes =
        draw_calls(std::move(drawn), calls_[search_.stuck()].goroutine, "  <- ?", width_max - 2);
    std::string indented;
    bool begins = true;
    for (const char ch : lanes) {
      if (begins && ch != '\n') indented += "  ";
      indented += ch;
      begins = ch == '\n';
    }
    return indented;
  }

  std::string prefix() const {
    const std::vector<std::uint32_t>& order = search_.order();
    std::string text;
    const std::size_t first = hidden_in_order_ == no_state ? 0 : hidden_in_order_;
    for (std::size_t i = first; i < order.size(); ++i) {
      text += (i == first ? "" : ", ") + model_.describe_call(order[i]) + " (" +
              name_of_goroutine(calls_[order[i]].goroutine) + ")";
    }
    if (first > 0) return "those, then " + (text.empty() ? "nothing" : text);
    return text.empty() ? "no operation" : text;
  }

  static std::string folded(const std::string& text) {
    std::string lines;
    for (std::size_t begin = 0; begin < text.size();) {
      std::size_t end = std::min(text.size(), begin + width_max);
      const std::size_t blank = text.rfind(' ', end);
      if (end < text.size() && blank != std::string::npos && blank > begin) end = blank;
      lines += (begin == 0 ? "" : "  ") + text.substr(begin, end - begin) + '\n';
      begin = end + (end < text.size() && text[end] == ' ');
    }
    return lines;
  }

  static constexpr std::size_t no_state = ~std::size_t{0};

  const std::span<const timed_call> calls_;
  numbered_model& model_;
  const linear_search& search_;
  std::vector<std::uint32_t> shown_;   // in the order of their calls
  std::vector<std::uint32_t> states_;  // along the longest prefix
  std::size_t hidden_ = 0;
  std::size_t hidden_in_order_ = 0;
};

judgement refuted(std::span<const timed_call> calls, numbered_model& model,
                  const linear_search& search, std::span<const std::uint32_t> members) {
  judgement j{.answer = linearizability::broken};
  j.explanation = explanation(calls, model, search, members).text();
  j.order.assign(search.order().begin(), search.order().end());
  j.misplaced = search.stuck();
  return j;
}

}  // namespace

judgement detail::judge_calls(std::span<const timed_call> calls, numbered_model& model,
                              const judge_options& options) {
  linear_search search(calls, model);
  std::vector<std::uint32_t> all(calls.size());
  std::iota(all.begin(), all.end(), 0U);
  token_pairs pairs(calls, search);
  judgement j;
  if (!pairs.judge()) {
    j = refuted(calls, model, search, pairs.members());
  } else {
    search.choose(all);
    for (const auto& p : pairs.known()) search.must_precede(p.first, p.then);
    switch (search.run(options.states_max)) {
      case outcome::found:
        j.order.assign(search.order().begin(), search.order().end());
        break;
      case outcome::impossible:
        j = refuted(calls, model, search, all);
        break;
      case outcome::given_up:
        j.answer = linearizability::undecided;
        j.explanation =
            "cannot tell: given up after " + std::to_string(search.states()) + " states\n";
    }
  }
  j.states = search.states();
  return j;
}

}  // namespace braid
