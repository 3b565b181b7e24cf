// Go's race suite: plain memory; see support/race_suite.hpp.
#include <array>

#include "support/race_suite.hpp"

namespace braid::testing {
namespace {

// `first` in a goroutine, `second` here, and then main waits for the goroutine.
template <class First, class Second>
std::function<void()> beside(First first, Second second) {
  return [=] {
    const auto x = variable();
    auto done = make_chan<bool>(1);
    go([=]() mutable {
      first(*x);
      done.send(true);
    });
    second(*x);
    done.recv();
  };
}

// Two goroutines that share x, y and z, and main waits for both.
struct variables {
  var<int> x = 0;
  var<int> y = 0;
  var<int> z = 0;
};
template <class First, class Second>
std::function<void()> both(First first, Second second) {
  return [=] {
    const auto v = shared<variables>();
    auto done = make_chan<bool>(2);
    go([=]() mutable {
      first(*v);
      done.send(true);
    });
    go([=]() mutable {
      second(*v);
      done.send(true);
    });
    done.recv();
    done.recv();
  };
}

const auto read = [](var<int>& x) { x.read(); };
const auto write = [](var<int>& x) { x.write(1); };
const auto increment = [](var<int>& x) { ++x; };

TEST_CASE("two accesses of a variable race if one writes", "[checker][races][H16]") {
  check({{"RaceIntRWClosures", true,
          both([](variables& v) { v.y.write(v.x.read()); }, [](variables& v) { v.x.write(1); })},
         {"NoRaceIntRWClosures", false,
          [] {
            const auto x = variable();
            auto done = make_chan<int>(1);
            go([=]() mutable {
              x->read();
              done.send(1);
            });
            done.recv();
            go([=]() mutable {
              x->write(1);
              done.send(1);
            });
            done.recv();
          }},
         {"RaceFloat64WW", true, beside(write, write)},
         {"RaceRune", true, beside(write, read)},
         {"RaceFuncArgument", true, beside(read, write)},
         {"NoRaceBlank", false, beside(read, read)},
         {"RaceIndirection", true,
          [] {
            const auto y = variable();
            const auto x = y;
            auto done = make_chan<bool>(1);
            go([=]() mutable {
              x->write(1);
              done.send(true);
            });
            y->write(2);
            done.recv();
            x->read();
          }},
         {"RaceFuncArgument2", true,
          [] {
            const auto x = variable();
            auto done = make_chan<bool>(2);
            go([=]() mutable {
              x->write(42);
              done.send(true);
            });
            go([=](int) mutable { done.send(true); }, x->read());
            done.recv();
            done.recv();
          }},
         {"NoRaceFuncArgsRW", false,
          [] {
            const auto x = variable();
            auto done = make_chan<int>(1);
            go([=](int) mutable { done.send(0); }, x->read());
            x->write(1);
            done.recv();
          }},
         {"RaceFuncArgsRW", true, beside(read, write)}});
}

TEST_CASE("each operand of an expression is an access", "[checker][races][H16]") {
  check({{"RacePlus", true,
          both([](variables& v) { v.y.write(v.x.read() + v.z.read()); },
               [](variables& v) { v.y.write(v.x.read() + v.z.read() + v.z.read()); })},
         {"RacePlus2", true,
          both([](variables& v) { v.x.write(1); },
               [](variables& v) { v.y.write(v.x.read() + v.z.read()); })},
         {"NoRacePlus", false,
          both([](variables& v) { v.y.write(v.x.read() + v.z.read()); },
               [](variables& v) { (void)(v.z.read() + v.x.read()); })},
         {"RaceComplement", true,
          both([](variables& v) { v.x.write(~v.y.read()); },
               [](variables& v) { v.y.write(~v.z.read()); })},
         {"RaceDiv", true,
          both([](variables& v) { v.x.write(v.y.read() / (v.z.read() + 1)); },
               [](variables& v) { v.y.write(v.z.read()); })},
         {"RaceMod", true,
          both([](variables& v) { v.x.write(v.y.read() % (v.z.read() + 1)); },
               [](variables& v) { v.y.write(v.z.read()); })},
         {"RaceRotate", true,
          both([](variables& v) { v.x.write(v.y.read() << 12 | v.y.read() >> 20); },
               [](variables& v) { v.y.write(v.z.read()); })},
         {"RaceCaseCondition", true,
          both([](variables& v) { v.x.write(2); },
               [](variables& v) {
                 if (v.x.read() < 2) v.x.write(1);
               })},
         {"RaceCaseBody", true,
          both([](variables& v) { v.y.write(v.x.read()); },
               [](variables& v) { v.x.read() == 100 ? v.x.write(-v.x.read()) : v.x.write(1); })},
         {"NoRaceCaseFallthrough", false,
          both([](variables& v) { v.y.write(v.x.read()); },
               [](variables& v) {
                 if (v.z.read() == 2) v.x.write(2);
               })},
         {"RaceIncrement", true, beside(increment, increment)}});
}

TEST_CASE("what races is a variable, not what it is part of", "[checker][races][H16]") {
  const auto fields = [](auto other) { return both([](variables& v) { v.x.write(1); }, other); };
  const auto elements = [](std::size_t i, std::size_t j) {
    return [=] {
      const auto a = shared<std::array<var<int>, 3>>();
      auto done = make_chan<bool>(1);
      go([=]() mutable {
        (*a)[i].write(1);
        done.send(true);
      });
      (*a)[j].write(2);
      done.recv();
      for (auto& one : *a) one.read();
    };
  };
  check({{"RaceStructFieldRW1", true, fields([](variables& v) { v.x.read(); })},
         {"NoRaceStructFieldRW1", false, fields([](variables& v) { v.y.write(1); })},
         {"RaceArrayElement", true, elements(1, 1)},
         {"NoRaceSliceIndexAccess", false, elements(0, 2)},
         {"RaceStructRW", true, [] {
            struct point {
              int x = 0, y = 0;
            };
            const auto p = shared<var<point>>();
            auto done = make_chan<bool>(1);
            go([=]() mutable {
              p->write({1, 1});
              done.send(true);
            });
            const point q = p->read();
            done.recv();
            p->write(q);
          }}});
}

TEST_CASE("the parts of a loop are accesses as any other", "[checker][races][H1][H2][H4]") {
  const auto loop = [](auto in_goroutine, auto before_each) {
    return [=] {
      const auto x = variable();
      auto done = make_chan<bool>(), c = make_chan<bool>();
      go([=]() mutable {
        for (bool v : c) {
          (void)v;
          in_goroutine(*x);
        }
        done.send(true);
      });
      for (int i = 0; i < 2; ++i) {
        before_each(*x, i);
        c.send(true);
      }
      c.close();
      done.recv();
    };
  };
  check({{"NoRaceForInit", false,
          loop(increment,
               [](var<int>& x, int i) {
                 if (i == 0) x.write(42);
               })},
         {"RaceForTest", true, loop(write, [](var<int>& x, int) { x.read(); })},
         {"RaceForIncr", true, loop(increment, [](var<int>& x, int) { ++x; })}});
}

TEST_CASE("what comes before and after a loop is ordered by what it does",
          "[checker][races][H1][H2]") {
  check({{"RaceForInit", true,
          [] {
            const auto x = variable();
            auto c = make_chan<int>();
            go([=]() mutable { c.send(x->read()); });
            x->write(42);
            c.recv();
          }},
         {"NoRaceForIncr", false,
          [] {
            const auto x = variable();
            auto done = make_chan<bool>();
            go([=]() mutable {
              ++*x;
              done.send(true);
            });
            done.recv();
          }},
         {"RaceTLS", true, [] {
            auto c = make_chan<std::shared_ptr<var<int>>>();
            auto done = make_chan<bool>(2);
            go([=]() mutable {
              const auto x = variable();
              c.send(x);
              x->write(1);
              c.recv().value->read();
              done.send(true);
            });
            go([=]() mutable {
              const auto p = c.recv().value;
              p->write(2);
              c.send(p);
              done.send(true);
            });
            done.recv();
            done.recv();
          }}});
}

}  // namespace
}  // namespace braid::testing
