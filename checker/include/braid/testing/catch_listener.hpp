// Prints what failed, in full, when a test case of Catch2 2.13 has ended; and fails tests whose
// goroutines expected something in vain, in production.
//
// Include it in the one file that has Catch's main:
//
//   #define CATCH_CONFIG_MAIN
//   #include <catch2/catch.hpp>
//   #include <braid/testing/catch_listener.hpp>
//
// Another file has to define CATCH_CONFIG_EXTERNAL_INTERFACES before it includes Catch.
#pragma once

#include <braid/testing/catch.hpp>
#include <utility>

namespace braid {

class catch_listener final : public Catch::TestEventListenerBase {
 public:
  explicit catch_listener(const Catch::ReporterConfig& config) : TestEventListenerBase(config) {
    detail::state_of_catch().has_listener = true;
    detail::state_of_catch().own_cerr = std::cerr.rdbuf();
  }

  void sectionStarting(const Catch::SectionInfo& section) override {
    TestEventListenerBase::sectionStarting(section);
    detail::state_of_catch().sections.push_back(section.name);
  }

  void sectionEnded(const Catch::SectionStats& section) override {
    report_expectations();
    detail::state_of_catch().sections.pop_back();
    TestEventListenerBase::sectionEnded(section);
  }

  void testCaseEnded(const Catch::TestCaseStats& test) override {
    detail::catch_state& state = detail::state_of_catch();
    std::string text = std::exchange(state.to_print, {});
    const std::string more = std::exchange(state.to_print_if_failed, {});
    if (test.totals.assertions.failed > 0) text += more;
    if (!text.empty()) std::cout << text << std::endl;
    TestEventListenerBase::testCaseEnded(test);
  }

  void testRunEnded(const Catch::TestRunStats& run) override {
    if (const std::string word = unused_reproduction(); !word.empty()) {
      std::cerr << "braid: BRAID_REPRODUCE=" << word << " is of no check that ran" << std::endl;
    }
    TestEventListenerBase::testRunEnded(run);
  }

 private:
  // Here it counts for the section: nothing of this test runs any more that could be too late.
  static void report_expectations() {
    for (const failed_expectation& e : failed_expectations()) {
      try {
        current_test_framework()->failed(
            {.headline = "expect failed: " + e.text, .text = {}, .at = e.at});
      } catch (const Catch::TestFailureException&) {
        // Under --abort; the section has ended already.
      }
    }
  }
};

CATCH_REGISTER_LISTENER(catch_listener)

}  // namespace braid
