// `go foo(bar())`: bar runs in the caller, before the goroutine exists; only foo runs apart.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

static int bar() {
  braid::println("bar");
  return 1;
}

static void foo(int) { braid::println("foo"); }

BRAID_SCENARIO("args-in-caller", "`go foo(bar())`: who runs bar?",
               {.expected = {"bar\nafter\n", "bar\nfoo\nafter\n", "bar\nafter\nfoo\n"}}) {
  braid::go(foo, bar());
  braid::println("after");
}
