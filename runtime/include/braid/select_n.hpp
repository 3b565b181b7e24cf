// select_n: a select whose number of cases only the run tells (rules S14, S17), as Go's
// reflect.Select.
//
//   std::vector<braid::select_op> cases;
//   for (auto& input : inputs) cases.push_back(braid::recv(input, value));
//   cases.push_back(braid::otherwise);
//   const int chosen = braid::select_n(cases);   // an index of `cases`
#pragma once

#include <braid/select.hpp>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace braid {

// A case of select_n(): whatever recv(), send(), on_recv(), on_send() and on_default() give, or
// `otherwise`. It owns what it sends. It may take part in several selects, but a value that was
// sent is moved from then.
class select_op {
 public:
  template <class Case>
  requires requires { Case::is_default; }
  select_op(Case one) : case_(std::make_unique<holder<Case>>(std::move(one))) {}

 private:
  friend int select_n(std::span<select_op> cases, where at);

  struct any_case {
    virtual ~any_case() = default;
    virtual bool is_default() const = 0;
    virtual detail::select_arm arm() = 0;
    virtual void chosen(const detail::select_arm& arm) = 0;
  };
  template <class Case>
  struct holder final : any_case {
    Case held;

    explicit holder(Case one) : held(std::move(one)) {
      if constexpr (requires { held.keep(); }) held.keep();
    }
    bool is_default() const override { return Case::is_default; }
    detail::select_arm arm() override {
      if constexpr (Case::is_default) {
        return {};
      } else {
        return held.arm();
      }
    }
    void chosen([[maybe_unused]] const detail::select_arm& arm) override {
      if constexpr (requires { held.chosen(arm); }) {
        held.chosen(arm);
      } else if constexpr (requires { held.chosen(); }) {
        held.chosen();
      }
    }
  };

  std::unique_ptr<any_case> case_;
};

// Performs exactly one of the cases and returns its index; waits for ever if there are none. Panics
// "select_n: multiple default cases" and "select_n: too many cases (max 65536)".
int select_n(std::span<select_op> cases, where at = {});

}  // namespace braid
