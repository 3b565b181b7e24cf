// Go's oldest question: after `go foo()`, is "foo" printed before "after"?
//
// Sometimes; and sometimes never, because nobody waits for foo when main returns.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

static void foo() { braid::println("foo"); }

BRAID_SCENARIO("foo-vs-after", "after `go foo()`, is \"foo\" printed before \"after\"?",
               {.expected = {"before\nafter\n", "before\nfoo\nafter\n", "before\nafter\nfoo\n"}}) {
  braid::println("before");
  braid::go(foo);
  braid::println("after");
}
