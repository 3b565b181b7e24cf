// A program of production only: it needs the runtime, and neither the checker nor its main.
#include <braid/braid.hpp>

int main() {
  return braid::run([] {
    braid::wait_group done;
    done.go([] { braid::println("hello from a goroutine"); });
    done.wait();
  });
}
