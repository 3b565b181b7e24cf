// Go's race suite: operands and control flow; see support/race_suite.hpp.
#include <any>
#include <map>
#include <typeinfo>

#include "support/go_slice.hpp"

namespace braid::testing::race_suite_mop {
namespace {

using var_map = var<std::map<std::string, std::string>>;

const auto write_x = [](variables& v) { v.x.write(1); };
const auto write_y = [](variables& v) { v.y.write(1); };

void global_function_1(variables& v) { v.y.write(v.x.read()); }
void global_function_2(variables& v) { v.x.write(1); }

TEST_CASE("two accesses of a variable race if one writes", "[checker][races][H16]") {
  struct small {
    var<std::int32_t> x = 0;
    var<std::int32_t> y = 0;
  };
  const auto assign = [](auto& v) { v.y.write(v.x.read()); };
  check({{"RaceIntRWGlobalFuncs", both(global_function_1, global_function_2)},
         {"RaceIntRWClosures", both(assign, write_x)},
         {"RaceInt32RWClosures", both<small>(assign, [](small& v) { v.x.write(1); })},
         {"NoRaceIntRWClosures",
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
         {"NoRaceBlank", [] {
            const auto a = make_slice<var<int>>(4);
            auto done = make_chan<bool>(1);
            go([=]() mutable {
              a[0].read();
              a[1].read();
              done.send(true);
            });
            a[2].read();
            a[3].read();
            done.recv();
            a[1].write(a[0].read());
          }}});
}

TEST_CASE("a switch reads what it is asked, and does one of its cases", "[checker][races][H16]") {
  const auto assign = [](variables& v) { v.y.write(v.x.read()); };
  const auto with_default = [](variables& v) {
    switch (v.x.read() < 2 ? 1 : 0) {
      case 1:
        v.x.write(1);
        break;
      default:
        v.x.write(5);
    }
  };
  const auto by_z = [](variables& v, bool falls_through) {
    const int z = v.z.read();
    if (z == 1 || (z == 0 && falls_through)) v.x.write(2);
  };
  check({{"NoRaceCase",
          [] {
            const auto y = variable();
            for (int x = -1; x <= 1; ++x) y->write(x < 0 ? -1 : x == 0 ? 0 : 1);
            ++*y;
          }},
         {"RaceCaseCondition", both(write_x,
                                    [](variables& v) {
                                      if (v.x.read() < 2) v.x.write(1);
                                    })},
         {"RaceCaseCondition2", both(write_x, with_default)},
         {"RaceCaseBody",
          both(assign,
               [](variables& v) { v.x.read() == 100 ? v.x.write(-v.x.read()) : v.x.write(1); })},
         {"NoRaceCaseFallthrough", both(assign, [=](variables& v) { by_z(v, false); })},
         {"RaceCaseFallthrough", both(assign, [=](variables& v) { by_z(v, true); })}});
}

TEST_CASE("a switch over a type or over an entry of a map reads it", "[checker][races][H16]") {
  struct typed {
    var<int> x = 0;
    var<int> y = 0;
    var<std::any> i = std::any(0);
    var<std::any> to_x = std::any(&x);
  };
  struct nested {
    var<int> x = 0;
    std::map<int, var<std::map<int, std::any>>> outer;
    nested() { outer[0]; }
  };
  const auto write_entry = [](var_map& m) {
    auto changed = m.read();
    changed["x"] = "y";
    m.write(changed);
  };
  check({{"RaceCaseIssue6418",
          beside<var_map>(write_entry, [](var_map& m) { (void)m.read().contains("b"); })},
         {"RaceCaseType", beside<typed>([](typed& t) { (void)(t.i.read().type() == typeid(int)); },
                                        [](typed& t) { t.i.write(t.y.read()); })},
         {"RaceCaseTypeBody", beside<typed>(
                                  [](typed& t) {
                                    const std::any i = t.to_x.read();
                                    const auto pointer = std::any_cast<var<int>*>(&i);
                                    if (pointer != nullptr) (*pointer)->write(t.y.read());
                                  },
                                  [](typed& t) { t.x.write(t.y.read()); })},
         {"RaceCaseTypeIssue5890",
          beside<nested>([](nested& n) { (void)n.outer.at(0).read().contains(1); },
                         [](nested& n) {
                           auto inner = n.outer.at(0).read();
                           inner[1] = n.x.read();
                           n.outer.at(0).write(inner);
                         })}});
}

TEST_CASE("a loop over elements writes its variables", "[checker][races][H16]") {
  check({{"NoRaceRange",
          [] {
            auto c = make_chan<int>(3);
            for (const auto& element : make_slice<var<int>>(3)) c.send(element.read());
            c.close();
          }},
         {"NoRaceRangeIssue5446",
          [] {
            auto c = make_chan<int>(3);
            const auto a = make_slice<var<int>>(3);
            const auto b = make_slice<var<int>>(1);
            std::size_t i = 1;
            for (std::size_t next = 0; next < b.length; ++next) {
              a[i].write(b[next].read());
              i = next;
              c.send(static_cast<int>(i));
            }
            c.close();
          }},
         {"RaceRange", [] {
            const auto a = make_slice<var<int>>(2);
            const auto v = variable();
            const auto own = make_slice<var<int>>(2);
            auto done = make_chan<bool>(2);
            for (std::size_t i = 0; i < 2; ++i) {
              v->write(a[i].read());
              go([=]() mutable {
                own[i].write(v->read());
                done.send(true);
              });
            }
            done.recv();
            done.recv();
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
  const auto increment = [](var<int>& x) { ++x; };
  check({{"NoRaceForInit", loop(increment,
                                [](var<int>& x, int i) {
                                  if (i == 0) x.write(42);
                                })},
         {"RaceForTest", loop([](var<int>& x) { x.write(1); }, [](var<int>& x, int) { x.read(); })},
         {"RaceForIncr", loop(increment, [](var<int>& x, int) { ++x; })},
         {"RaceForInit",
          [] {
            const auto x = variable();
            auto c = make_chan<int>();
            go([=]() mutable { c.send(x->read()); });
            x->write(42);
            c.recv();
          }},
         {"NoRaceForIncr", [] {
            const auto x = variable();
            auto done = make_chan<bool>();
            go([=]() mutable {
              ++*x;
              done.send(true);
            });
            for (int i = 0; i < 0; ++*x) ++i;
            done.recv();
          }}});
}

TEST_CASE("each operand of an expression is an access", "[checker][races][H16]") {
  const auto y_of_z = [](variables& v) { v.y.write(~v.z.read()); };
  const auto add = [](variables& v) { v.y.write(v.x.read() + v.z.read()); };
  const auto x_of = [](auto f) { return [=](variables& v) { v.x.write(static_cast<int>(f(v))); }; };
  check(
      {{"RacePlus",
        both(add, [](variables& v) { v.y.write(v.x.read() + v.z.read() + v.z.read()); })},
       {"RacePlus2", both(write_x, add)},
       {"NoRacePlus", both(add, [](variables& v) { (void)(v.z.read() + v.x.read()); })},
       {"RaceComplement", both(x_of([](variables& v) { return ~v.y.read(); }), y_of_z)},
       {"RaceDiv", both(x_of([](variables& v) { return v.y.read() / (v.z.read() + 1); }), write_y)},
       {"RaceDivConst", both(x_of([](variables& v) { return v.y.read() / 3; }), y_of_z)},
       {"RaceMod", both(x_of([](variables& v) { return v.y.read() % (v.z.read() + 1); }), write_y)},
       {"RaceModConst", both(x_of([](variables& v) { return v.y.read() % 3; }), y_of_z)},
       {"RaceRotate",
        both(x_of([](variables& v) { return v.y.read() << 12 | v.y.read() >> 20; }), write_y)},
       {"race: two increments", both([](variables& v) { ++v.x; }, [](variables& v) { ++v.x; })},
       {"NoRaceEnoughRegisters",
        [] {
          const auto s = shared<var<double>>(3.1415);
          const auto t = shared<var<double>>();
          double sum = 8;
          for (int factor = 7; factor >= 1; --factor) sum = factor + s->read() * sum;
          t->write(sum);
          s->write(t->read());
        }},
       {"RaceBlockAs", beside(write_x, [](variables& v) {
          const int y = v.y.read();
          const int x = v.x.read();
          v.x.write(y);
          v.y.write(x);
        })}});
}

TEST_CASE("an operand that is not evaluated is not read", "[checker][races][H16]") {
  const auto x_is = [](int value) { return [=](variables& v) { return v.x.read() == value; }; };
  const auto y_is = [](int value) { return [=](variables& v) { return v.y.read() == value; }; };
  const auto conjunction = [](auto a, auto b) {
    return [=](variables& v) { (void)(a(v) && b(v)); };
  };
  const auto disjunction = [](auto a, auto b) {
    return [=](variables& v) { (void)(a(v) || b(v)); };
  };
  check({{"RaceAnd", beside(write_x, conjunction(x_is(1), y_is(1)))},
         {"RaceAnd2", beside(write_x, conjunction(y_is(0), x_is(1)))},
         {"NoRaceAnd", beside(write_x, conjunction(y_is(1), x_is(1)))},
         {"RaceOr", beside(write_x, disjunction(x_is(1), y_is(1)))},
         {"RaceOr2", beside(write_x, disjunction(y_is(1), x_is(1)))},
         {"NoRaceOr", beside(write_x, disjunction(y_is(0), x_is(1)))},
         {"NoRaceShortCalc", beside(write_y, disjunction(x_is(0), y_is(0)))},
         {"NoRaceShortCalc2", beside(write_y, conjunction(x_is(1), y_is(0)))}});
}

}  // namespace
}  // namespace braid::testing::race_suite_mop
