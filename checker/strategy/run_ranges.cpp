// Runs by number, cut into ranges; see run_ranges.hpp.
#include "strategy/run_ranges.hpp"

#include <algorithm>
#include <deque>
#include <nlohmann/json.hpp>
#include <vector>

namespace braid {
namespace {

constexpr std::uint64_t length_first = 16;
constexpr std::uint64_t length_max = 8192;

class run_ranges final : public frontier {
 public:
  explicit run_ranges(const run_range& whole) : whole_(whole), next_(whole.first) {}

  std::optional<nlohmann::json> take() override {
    run_range range = fresh();
    if (!rests_.empty()) {
      range = rests_.front();
      rests_.erase(rests_.begin());
    } else {
      next_ = range.first + range.size() * range.stride;
    }
    if (range.is_empty()) return std::nullopt;
    out_.push_back(range);
    return to_value(range);
  }

  // Ranges get longer while jobs get through them, and as long as what a job got through else.
  void put(const nlohmann::json& rest) override {
    const run_range taken = out_.front();
    out_.pop_front();
    const run_range left = run_range_from_value(rest);
    if (left.is_empty()) {
      if (taken.size() >= length_) length_ = std::min(2 * length_, length_max);
      return;
    }
    length_ = std::max<std::uint64_t>(1, taken.size() - left.size());
    const auto place = std::find_if(rests_.begin(), rests_.end(), [&](const run_range& other) {
      return other.first > left.first;
    });
    rests_.insert(place, left);
  }

  bool is_done() const override { return false; }

  double share_done() const override {
    if (whole_.until == ~std::uint64_t{0}) return 0;
    if (whole_.is_empty()) return 1;
    std::uint64_t left = run_range{next_, whole_.until, whole_.stride}.size();
    for (const run_range& range : rests_) left += range.size();
    for (const run_range& range : out_) left += range.size();
    return 1 - static_cast<double>(left) / static_cast<double>(whole_.size());
  }

  nlohmann::json save() const override {
    nlohmann::json rests = nlohmann::json::array();
    for (const run_range& range : rests_) rests.push_back(to_value(range));
    return {{"next", next_}, {"length", length_}, {"rests", rests}};
  }
  void load(const nlohmann::json& saved) override {
    next_ = saved.at("next");
    length_ = saved.at("length");
    rests_.clear();
    for (const auto& range : saved.at("rests")) rests_.push_back(run_range_from_value(range));
  }

 private:
  // What comes after all that was taken.
  run_range fresh() const {
    const run_range left{next_, whole_.until, whole_.stride};
    const std::uint64_t size = std::min(length_, left.size());
    return {next_, size == left.size() ? whole_.until : next_ + size * whole_.stride,
            whole_.stride};
  }

  const run_range whole_;
  std::uint64_t next_;
  std::uint64_t length_ = length_first;
  std::vector<run_range> rests_;  // in the order of their numbers
  std::deque<run_range> out_;
};

}  // namespace

nlohmann::json to_value(const run_range& range) {
  return nlohmann::json::array({range.first, range.until, range.stride});
}

run_range run_range_from_value(const nlohmann::json& value) {
  return {value.at(0), value.at(1), value.at(2)};
}

std::unique_ptr<frontier> make_run_ranges(const run_range& whole) {
  return std::make_unique<run_ranges>(whole);
}

}  // namespace braid
