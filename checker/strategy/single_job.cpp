// One job at a time; see single_job.hpp.
#include "strategy/single_job.hpp"

#include <braid/panic.hpp>
#include <nlohmann/json.hpp>

namespace braid {
namespace {

class single_job final : public frontier {
 public:
  explicit single_job(const strategy_options& options)
      : strategy_(make_strategy(options)), job_(strategy_->save()) {}

  std::optional<nlohmann::json> take() override {
    if (is_out_ || is_done_) return std::nullopt;
    is_out_ = true;
    return job_;
  }
  void put(const nlohmann::json& rest) override {
    BRAID_ASSERT(is_out_);
    is_out_ = false;
    job_ = rest;
    strategy_->load(rest);
    is_done_ = !strategy_->begin(0);
  }
  bool is_done() const override { return is_done_; }
  double share_done() const override { return is_done_ ? 1 : strategy_->share_done(); }

  nlohmann::json save() const override { return {{"job", job_}, {"done", is_done_}}; }
  void load(const nlohmann::json& saved) override {
    job_ = saved.at("job");
    is_done_ = saved.at("done");
    strategy_->load(job_);
  }

 private:
  std::unique_ptr<strategy> strategy_;  // knows whether a job is at its end
  nlohmann::json job_;
  bool is_out_ = false;
  bool is_done_ = false;
};

}  // namespace

std::unique_ptr<frontier> make_single_job(const strategy_options& options) {
  return std::make_unique<single_job>(options);
}

}  // namespace braid
