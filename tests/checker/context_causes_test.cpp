// The causes of cancellations under the checker (rule X9): a table of what is done with scopes, and
// of what can be seen then.
#include <braid/braid.hpp>
#include <functional>
#include <string>
#include <vector>

#include "support/exploring.hpp"

namespace {

using namespace std::chrono_literals;
using braid::cancel_scope;
using braid::canceled;
using braid::context;
using braid::deadline_exceeded;
using braid::testing::only_output;

// Go's table, but for contexts that Go's users define. A row: what is done, and what err() and
// cause() are then.
struct cause_row {
  std::string name;
  std::function<void(const std::function<void(const context&)>&)> act;
  braid::error err;
  braid::error cause;
};

using see = const std::function<void(const context&)>&;

const braid::error none;
const braid::error parents("parent");
const braid::error childs("child");
const braid::error late("too slow");

std::vector<cause_row> rows_of_one_scope() {
  return {
      {"background", [](see s) { s(context::background()); }, none, none},
      {"todo", [](see s) { s(context::todo()); }, none, none},
      {"cancel",
       [](see s) {
         cancel_scope c(context::background());
         c.cancel();
         s(c);
       },
       canceled, canceled},
      {"running",
       [](see s) {
         cancel_scope c(context::background());
         s(c);
       },
       none, none},
      {"with a cause",
       [](see s) {
         cancel_scope c(context::background());
         c.cancel(parents);
         s(c);
       },
       canceled, parents},
      {"with an empty cause",
       [](see s) {
         cancel_scope c(context::background());
         c.cancel({});
         s(c);
       },
       canceled, canceled},
      {"two causes, the first counts",
       [](see s) {
         cancel_scope c(context::background());
         c.cancel(parents);
         c.cancel(childs);
         s(c);
       },
       canceled, parents},
      {"an empty cause comes first",
       [](see s) {
         cancel_scope c(context::background());
         c.cancel({});
         c.cancel(childs);
         s(c);
       },
       canceled, canceled},
  };
}

std::vector<cause_row> rows_of_parents() {
  return {
      {"the parent's cause",
       [](see s) {
         cancel_scope p(context::background());
         cancel_scope c(p.ctx());
         p.cancel(parents);
         s(c);
       },
       canceled, parents},
      {"the parent first",
       [](see s) {
         cancel_scope p(context::background());
         cancel_scope c(p.ctx());
         p.cancel(parents);
         c.cancel(childs);
         s(c);
       },
       canceled, parents},
      {"the child first",
       [](see s) {
         cancel_scope p(context::background());
         cancel_scope c(p.ctx());
         c.cancel(childs);
         p.cancel(parents);
         s(c);
       },
       canceled, childs},
      {"the child first, seen in the parent",
       [](see s) {
         cancel_scope p(context::background());
         cancel_scope c(p.ctx());
         c.cancel(childs);
         p.cancel(parents);
         s(p);
       },
       canceled, parents},
      {"the child does not touch the parent",
       [](see s) {
         cancel_scope p(context::background());
         cancel_scope c(p.ctx());
         c.cancel(childs);
         s(p);
       },
       none, none},
      {"a grandparent's cause",
       [](see s) {
         cancel_scope g(context::background());
         cancel_scope p(g.ctx());
         cancel_scope c(p.ctx());
         g.cancel(parents);
         s(c);
       },
       canceled, parents},
  };
}

std::vector<cause_row> rows_of_deadlines() {
  return {
      {"a timeout",
       [](see s) {
         cancel_scope c(context::background(), 0s);
         s(c);
       },
       deadline_exceeded, deadline_exceeded},
      {"a timeout with a cause",
       [](see s) {
         cancel_scope c(context::background(), 0s, late);
         s(c);
       },
       deadline_exceeded, late},
      {"a timeout that comes",
       [](see s) {
         cancel_scope c(context::background(), 1s, late);
         c.ctx().done().recv();
         s(c);
       },
       deadline_exceeded, late},
      {"a timeout with a cause, cancelled before",
       [](see s) {
         cancel_scope c(context::background(), 1h, late);
         c.cancel();
         s(c);
       },
       canceled, canceled},
      {"a deadline with a cause",
       [](see s) {
         cancel_scope c(context::background(), braid::clock::now(), late);
         s(c);
       },
       deadline_exceeded, late},
      {"the parent's timeout, with its cause",
       [](see s) {
         cancel_scope p(context::background(), 0s, late);
         cancel_scope c(p.ctx());
         s(c);
       },
       deadline_exceeded, late},
      {"the child's timeout is later than the parent's",
       [](see s) {
         cancel_scope p(context::background(), 1s, parents);
         cancel_scope c(p, 2s, childs);
         c.ctx().done().recv();
         s(c);
       },
       deadline_exceeded, parents},
  };
}

std::vector<cause_row> rows_of_nodes_between() {
  return {
      {"a value in between",
       [](see s) {
         cancel_scope p(context::background());
         const braid::context_key<int> key("k");
         cancel_scope c(p.ctx().with_value(key, 1));
         p.cancel(parents);
         s(c);
       },
       canceled, parents},
      {"without cancel",
       [](see s) {
         cancel_scope p(context::background());
         p.cancel(parents);
         s(p.ctx().without_cancel());
       },
       none, none},
      {"a child of one without cancel",
       [](see s) {
         cancel_scope p(context::background());
         cancel_scope c(p.ctx().without_cancel());
         p.cancel(parents);
         c.cancel(childs);
         s(c);
       },
       canceled, childs},
  };
}

TEST_CASE("err and cause are those of the first cancellation", "[checker][X9][X10]") {
  const auto rows =
      GENERATE(rows_of_one_scope, rows_of_parents, rows_of_deadlines, rows_of_nodes_between);
  for (const cause_row& row : rows()) {
    INFO(row.name);
    CHECK(only_output([&] {
            row.act([&](const context& c) {
              braid::print(c.err() == row.err, c.cause() == row.cause);
            });
          }) == "truetrue");
  }
}

}  // namespace
