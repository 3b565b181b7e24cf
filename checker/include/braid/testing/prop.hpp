// Properties of concurrent code: rapidcheck generates the inputs, braid explores the schedules.
//
//   TEST_CASE("deposits") {
//     braid::prop("nothing is lost", [](const std::vector<int>& amounts) {
//       account a;
//       for (int amount : amounts) braid::go([&] { a.deposit(amount); });
//       ...
//       braid::expect(a.balance() == sum(amounts), "the balance is the sum");
//     });
//   }
//
// The budget of verify() is for all inputs together: each gets its share, and what it leaves over
// goes to the others. A failure shrinks the input, following the last schedule that failed before
// others are looked for; then the schedule; then both together. One word stands for both, and is
// tried first from BRAID_REPRODUCE, the options, or a file of tests/regressions.
//
// Fails by expect(), by any finding, by returning false, or by RC_ASSERT in the main goroutine.
// RC_PRE there discards the input. Inputs are arguments: nothing may be generated in the body,
// which runs many times. rapidcheck's own variable RC_PARAMS sets seed and sizes.
#pragma once

#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>
#include <braid/testing/examination.hpp>
#include <braid/testing/expect.hpp>
#include <braid/testing/generated.hpp>
#include <braid/testing/input_word.hpp>
#include <braid/testing/simpler.hpp>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace braid {

struct prop_options {
  verify_options verify = {};  // its name is that of the property
  int inputs_max = 0;          // 0: as rapidcheck is configured, 100
  std::optional<std::uint64_t> seed = {};
};

namespace detail {

template <class Input>
class property {
 public:
  // `is_free`: any value of the type is an input, so that edits beyond rapidcheck's may be tried.
  property(rc::Gen<Input> inputs, std::function<bool(const Input&)> holds, bool is_free,
           const prop_options& options, where at)
      : inputs_(std::move(inputs)),
        holds_(std::move(holds)),
        is_free_(is_free),
        options_(options),
        at_(at),
        examined_(options_.verify, at),
        generated_(rc::detail::toProperty([this] { return try_input(*inputs_); })) {}

  verification run() {
    for (const examination::old_failure& old : examined_.old_failures(examination::with_input)) {
      if (fails_again(old) || old.is_only) return conclude(old.by.input);
    }
    rc::detail::TestParams params = rc::detail::configuration().testParams;
    if (options_.seed) params.seed = *options_.seed;
    if (options_.inputs_max > 0) params.maxSuccess = options_.inputs_max;
    inputs_left_ = static_cast<std::uint64_t>(params.maxSuccess);
    const rc::detail::TestMetadata named{examined_.name(), examined_.name()};
    // Its own listener would tell of a seed that makes the input again, but not the schedule.
    rc::detail::TestListenerAdapter quiet;
    const auto came = rc::detail::checkProperty(generated_, named, params, quiet,
                                                rc::detail::configuration().reproduce);
    rc::detail::FailureResult failed;
    if (came.match(failed) && failing_) return conclude_failing(failed.reproduce);
    return conclude_otherwise(came);
  }

 private:
  using body = examination::body;

  body body_of(const Input& input) {
    return [this, input] {
      try {
        expect(holds_(input), "the property returned false", at_);
      } catch (const rc::detail::CaseResult& left) {
        if (left.type == rc::detail::CaseResult::Type::Failure)
          expect(false, left.description, at_);
        is_discarded_ = left.type == rc::detail::CaseResult::Type::Discard;
      }
    };
  }

  // What rapidcheck calls for each input, and for each one that it shrinks to.
  bool try_input(const Input& input) {
    if (is_collecting_) {
      collected_ = input;
      return true;
    }
    is_discarded_ = false;
    const bool fails = examined_.has_failed() ? examined_.still_fails(body_of(input))
                                              : examined_.fails(body_of(input), inputs_left_);
    if (is_discarded_) RC_DISCARD("the input is discarded");
    if (fails) failing_ = input;
    if (!fails && inputs_left_ > 1) --inputs_left_;
    return !fails;
  }

  bool fails_again(const examination::old_failure& old) {
    if (old.by.input.empty()) {
      examined_.note(examined_.name() + ": " + old.origin + " has no input");
      return false;
    }
    const std::optional<Input> input = generate_again(old.by.input);
    if (!input) {
      examined_.note(examined_.name() + ": the input of " + old.origin +
                     " cannot be generated any more");
      return false;
    }
    if (!examined_.fails_by(body_of(*input), old)) return false;
    failing_ = *input;
    return true;
  }

  std::optional<Input> generate_again(const std::string& word) {
    const std::optional<input_source> source = source_from_word(word);
    if (!source) return std::nullopt;
    collected_.reset();
    is_collecting_ = true;
    const bool is_generated = run_again(generated_, *source);
    is_collecting_ = false;
    if (!is_generated) return std::nullopt;
    for (const std::uint64_t edit : source->edits) {
      if (collected_) collected_ = edited(*collected_, edit);
    }
    return std::exchange(collected_, std::nullopt);
  }

  verification conclude_failing(const rc::detail::Reproduce& by) {
    input_source source;
    serialize(by, std::back_inserter(source.reproduce));
    shrink_jointly(source.edits);
    return conclude(to_word(source));
  }

  void shrink_jointly(std::vector<std::uint64_t>& edits) {
    examined_.shrink(body_of(*failing_));
    while (is_free_ && simplify(edits)) examined_.shrink(body_of(*failing_));
  }

  bool simplify(std::vector<std::uint64_t>& edits) {
    const auto attempt = [&](std::uint64_t edit) {
      const std::optional<Input> simpler = edited(*failing_, edit);
      if (!simpler) return false;
      is_discarded_ = false;
      if (!examined_.still_fails(body_of(*simpler)) || is_discarded_) return false;
      failing_ = simpler;
      edits.push_back(edit);
      return true;
    };
    for (std::uint64_t element = 0; edited(*failing_, edit_dropping(element)); ++element) {
      if (attempt(edit_dropping(element))) return true;
    }
    for (std::uint64_t by = largest_in(*failing_); by > 0; by /= 2) {
      if (attempt(edit_lowering(by))) return true;
    }
    return false;
  }

  verification conclude(const std::string& word) {
    if (!failing_) return examined_.conclude([] {});
    examined_.use_input(word, rc::toString(*failing_));
    return examined_.conclude(body_of(*failing_));
  }

  verification conclude_otherwise(const rc::detail::TestResult& came) {
    rc::detail::SuccessResult passed;
    if (came.match(passed)) {
      if (passed.numSuccess == 0) {
        examined_.note(examined_.name() + ": not run, RC_PARAMS reproduces another property");
      }
      return examined_.conclude([] {});
    }
    std::ostringstream text;
    rc::detail::printResultMessage(came, text);
    return examined_.conclude_failed("rapidcheck gave up", examined_.name() + "\n" + text.str());
  }

  const rc::Gen<Input> inputs_;
  const std::function<bool(const Input&)> holds_;
  const bool is_free_;
  const prop_options options_;
  const where at_;
  examination examined_;
  const rc::detail::Property generated_;
  std::uint64_t inputs_left_ = 1;
  bool is_collecting_ = false;
  bool is_discarded_ = false;
  std::optional<Input> collected_;
  std::optional<Input> failing_;
};

template <class Call>
bool holds(Call&& call) {
  if constexpr (std::is_void_v<decltype(call())>) {
    call();
    return true;
  } else {
    return static_cast<bool>(call());
  }
}

template <class F, class... Arguments>
verification prop_of(rc::detail::TypeList<Arguments...>, const F& f, const prop_options& options,
                     where at) {
  using input = std::tuple<rc::Decay<Arguments>...>;
  const auto apply = [f](const input& given) {
    input own = given;
    return holds([&] { return std::apply(f, own); });
  };
  return property<input>(rc::gen::tuple(rc::gen::arbitrary<rc::Decay<Arguments>>()...), apply, true,
                         options, at)
      .run();
}

}  // namespace detail

// The arguments of `f` are generated by rc::Arbitrary.
template <class F>
verification prop(std::string name, F f, prop_options options = {}, where at = {}) {
  options.verify.name = std::move(name);
  return detail::prop_of(rc::detail::ArgTypes<F>(), f, options, at);
}

// The argument of `f` is generated by `inputs`, and shrunk as that says.
template <class Input, class F>
verification prop(std::string name, rc::Gen<Input> inputs, F f, prop_options options = {},
                  where at = {}) {
  options.verify.name = std::move(name);
  const auto apply = [f](const Input& given) { return detail::holds([&] { return f(given); }); };
  return detail::property<Input>(std::move(inputs), apply, false, options, at).run();
}

}  // namespace braid
