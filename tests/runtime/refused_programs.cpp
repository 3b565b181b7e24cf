// What does not compile says why, in one sentence. The compiler is the machine's `c++`; where there
// is none this warns and passes.
#include <unistd.h>
#include <catch2/catch.hpp>
#include <string>

#include "support/child.hpp"

namespace {

// The messages of the compiler for the body of a function.
std::string compile(const std::string& body) {
  const std::string command = "c++ -std=c++20 -fsyntax-only -I" BRAID_SOURCE_DIR
                              "/runtime/include -x c++ - 2>&1 <<'END'\n"
                              "#include <braid/braid.hpp>\nvoid body() {\n" +
                              body + "\n}\nEND\n";
  const auto child = braid::testing::run_in_child(
      [&] { execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr)); });
  return child.out;
}

std::size_t errors_in(const std::string& messages) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = messages.find("error: ", at)) != std::string::npos; ++at) ++count;
  return count;
}

TEST_CASE("what does not compile says why in a sentence", "[runtime][S5][G1]") {
  if (compile("}\nvoid another() {").find("not found") != std::string::npos) {
    WARN("there is no c++");
    return;
  }
  const std::string objects = R"(
    braid::chan<int> c;
    braid::errgroup group;
    braid::cancel_scope parent(braid::context::background());
  )";
  CHECK(compile(objects + R"(
    braid::select{braid::on_recv(c, [](int, bool) {}), braid::on_recv(c, [](auto...) {}),
                  braid::on_send(c, 1, [] {}), braid::on_default([] {})};
    group.go([] { return braid::error(); });
    braid::go([](int&&, long) {}, 1, 2);
    braid::cancel_scope child(parent.ctx());
    braid::cancel_scope another(parent, std::chrono::hours(1));
  )") == "");
  const std::string messages = compile(objects + R"(
    braid::select{braid::otherwise, braid::recv(c), braid::on_default([] {})};
    braid::select{braid::on_recv(c, [](int*) {})};
    braid::select{braid::on_send(c, 1, [](int) {})};
    braid::select{braid::on_default([](int) {})};
    group.go([] {});
    braid::go([](int) {}, 1, 2);
    braid::cancel_scope child(parent);
  )");
  for (const char* sentence :
       {"a select has at most one default", "the handler of on_recv takes (value, more), (value)",
        "the handler of on_send takes nothing", "the handler of on_default takes nothing",
        "the function of an errgroup takes nothing and returns a braid::error",
        "go: the function cannot be called with these arguments",
        "for its child write cancel_scope child(parent.ctx())"}) {
    CHECK(messages.find(sentence) != std::string::npos);
  }
  CHECK(errors_in(messages) == 7);
}

}  // namespace
