// Checks that fail on purpose: without the framework of the test that makes them, and with an
// environment and a folder of regressions of their own.
#pragma once

#include <braid/testing/framework.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace braid::testing {

// While one lives no framework hears of checks but this one, which keeps what it hears.
class silent_framework final : public test_framework {
 public:
  explicit silent_framework(std::string test = "a test")
      : test_(std::move(test)), before_(use_test_framework(this)) {}
  silent_framework(const silent_framework&) = delete;
  silent_framework& operator=(const silent_framework&) = delete;
  ~silent_framework() override { use_test_framework(before_); }

  std::string test_name() override { return test_; }
  std::vector<std::string> arguments_of_test() override { return {test_}; }
  void passed(where) override { ++passes; }
  void failed(const test_failure& what) override { failures.push_back(what); }
  void note(const std::string& line) override { notes.push_back(line); }
  bool show_if_failed(const std::string& text) override {
    shown_if_failed.push_back(text);
    return true;
  }

  int passes = 0;
  std::vector<test_failure> failures;
  std::vector<std::string> notes;
  std::vector<std::string> shown_if_failed;

 private:
  std::string test_;
  test_framework* before_;
};

// A variable of the environment, put back at the end. Nothing: it is not set.
class variable_scope {
 public:
  variable_scope(const char* name, const std::optional<std::string>& value) : name_(name) {
    if (const char* const set = std::getenv(name)) before_ = set;
    put(value);
  }
  variable_scope(const variable_scope&) = delete;
  variable_scope& operator=(const variable_scope&) = delete;
  ~variable_scope() { put(before_); }

 private:
  void put(const std::optional<std::string>& value) {
    value ? setenv(name_, value->c_str(), 1) : unsetenv(name_);
  }

  const char* name_;
  std::optional<std::string> before_;
};

// A folder that is removed again.
class temporary_folder {
 public:
  temporary_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "braid-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }
  std::vector<std::string> files() const {
    std::vector<std::string> all;
    for (const auto& file : std::filesystem::directory_iterator(path_)) all.push_back(file.path());
    return all;
  }

 private:
  std::string path_;
};

}  // namespace braid::testing
