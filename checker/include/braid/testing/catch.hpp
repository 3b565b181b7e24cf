// braid's checks in Catch2 2.13.
//
//   #include <braid/testing/catch.hpp>
//
//   TEST_CASE("nothing is lost") {
//     braid::verify([] { ... });
//   }
//
// Including this in one file of a test binary is enough for all of it. A failed check is one short
// FAIL line, at the caller's place; the test goes on, as after CHECK. What there is to say about
// it is printed by the listener (catch_listener.hpp) when the test case has ended, because Catch's
// console wraps lines at 80 bytes, in the middle of letters and tokens. Reporters that take down
// what tests print (JUnit, XML) get all of it, verbatim.
#pragma once

#include <braid/testing/expect.hpp>
#include <braid/testing/framework.hpp>
#include <braid/testing/outcomes.hpp>
#include <braid/testing/verify.hpp>
#include <catch2/catch.hpp>
#include <iostream>
#include <string>
#include <vector>

namespace braid::detail {

// What the listener knows and has to print.
struct catch_state {
  bool has_listener = false;
  std::streambuf* own_cerr = nullptr;      // before any reporter took it over
  std::vector<std::string> sections = {};  // that run, the test case first
  std::string to_print = {};
  std::string to_print_if_failed = {};
};
inline catch_state& state_of_catch() {
  static catch_state state;
  return state;
}

class catch_framework final : public test_framework {
 public:
  std::string test_name() override {
    std::string name;
    for (const std::string& section : state_of_catch().sections) {
      name += (name.empty() ? "" : " / ") + section;
    }
    if (!name.empty()) return name;
    Catch::IResultCapture* const running = Catch::getCurrentContext().getResultCapture();
    return running == nullptr ? "" : running->getCurrentTestName();
  }

  std::vector<std::string> arguments_of_test() override {
    const std::vector<std::string>& sections = state_of_catch().sections;
    if (sections.empty()) return {as_filter(test_name())};
    std::vector<std::string> arguments = {as_filter(sections.front())};
    for (std::size_t i = 1; i < sections.size(); ++i) {
      arguments.emplace_back("-c");
      arguments.push_back(sections[i]);
    }
    return arguments;
  }

  void passed(where at) override { assert_here(Catch::ResultWas::Ok, "", at); }

  void failed(const test_failure& what) override {
    catch_state& state = state_of_catch();
    if (state.has_listener && !is_taken_down()) {
      state.to_print += what.text;
      assert_here(Catch::ResultWas::ExplicitFailure, what.headline, what.at);
    } else {
      assert_here(Catch::ResultWas::ExplicitFailure, what.headline + "\n" + what.text, what.at);
    }
  }

  void note(const std::string& line) override { std::cout << "braid: " << line << "\n"; }

  bool show_if_failed(const std::string& text) override {
    catch_state& state = state_of_catch();
    if (!state.has_listener) return false;
    is_taken_down() ? void(std::cout << text) : void(state.to_print_if_failed += text);
    return true;
  }

 private:
  // By a reporter that writes all that a test prints into its own report.
  static bool is_taken_down() { return state_of_catch().own_cerr != std::cerr.rdbuf(); }

  static void assert_here(Catch::ResultWas::OfType result, const std::string& text, where at) {
    Catch::AssertionHandler handler("braid", Catch::SourceLineInfo(at.file(), at.line()),
                                    Catch::StringRef(),
                                    Catch::ResultDisposition::ContinueOnFailure);
    handler.handleMessage(result, text);
    handler.complete();
  }

  // A test specification that means this name and no other.
  static std::string as_filter(const std::string& name) {
    std::string filter;
    for (const char c : name) {
      if (c == ',' || c == '[' || c == '*' || c == '\\') filter += '\\';
      filter += c;
    }
    return filter;
  }
};

inline const bool catch_is_in_use = [] {
  static catch_framework framework;
  use_test_framework(&framework);
  return true;
}();

}  // namespace braid::detail
