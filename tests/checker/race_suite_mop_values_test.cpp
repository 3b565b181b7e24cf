// Go's race suite: memory of all types; see support/race_suite.hpp.
#include <any>
#include <array>
#include <chrono>
#include <complex>
#include <map>

#include "support/go_slice.hpp"

namespace braid::testing::race_suite_mop_values {
namespace {

using namespace std::chrono_literals;

struct point {
  var<int> x = 0;
  var<int> y = 0;
};
struct named_point {
  var<std::string> name = std::string("a");
  point p;
};

// Go's interface: what it holds decides which function is called.
struct writer {
  virtual ~writer() = default;
  virtual int write() const { return 0; }
};
using any_writer = std::shared_ptr<const writer>;

// One goroutine writes `value` to a variable, and the other uses it.
template <class T, class Use>
std::function<void()> written_beside(T value, Use use) {
  return beside<var<T>>([=](var<T>& v) { v.write(value); }, use);
}
const auto read = [](auto& v) { v.read(); };
const auto write = [](auto& v) { v.write({}); };

TEST_CASE("a variable can be of any type", "[checker][races][H16]") {
  const any_writer one = std::make_shared<writer>();
  check({{"RaceEfaceWW", written_beside(std::any(1), write)},
         {"RaceIfaceWW", written_beside(one, write)},
         {"RaceIfaceCmp", written_beside(one, [=](auto& a) { (void)(a.read() == one); })},
         {"RaceIfaceCmpNil", written_beside(one, [](auto& a) { (void)(a.read() == nullptr); })},
         {"RaceEmptyInterface1", written_beside(std::any(), read)},
         {"RaceEmptyInterface2", written_beside(std::any(std::array{0, 0}), read)},
         {"RaceTypeAssert", written_beside(std::any(0),
                                           [](auto& i) {
                                             const std::any held = i.read();
                                             (void)std::any_cast<int>(&held);
                                           })},
         {"RaceError", written_beside(error(), read)},
         {"RaceStringRW", written_beside(std::string("abacaba"), read)},
         {"RaceSliceString",
          written_beside(std::string("world"), [](auto& s) { (void)s.read().substr(0, 1); })},
         {"RaceFloat64WW", written_beside(1.0, write)},
         {"RaceComplex128WW", written_beside(std::complex(2.0, 2.0), write)},
         {"RaceRune", written_beside(U'\1', read)}});
}

TEST_CASE("a variable that holds a function is read by a call", "[checker][races][H16]") {
  using function = std::function<int(int)>;
  const function same = [](int x) { return x; };
  const auto call = [](auto& f) {
    const function held = f.read();
    if (held != nullptr) held(1);
  };
  check({{"RaceFuncVariableRW", written_beside(same, call)},
         {"RaceFuncVariableWW", written_beside(same, write)},
         {"RaceFuncItself", written_beside(std::function<void()>([] {}), [](auto& f) {
            const auto held = f.read();
            if (held != nullptr) held();
          })}});
}

TEST_CASE("what is behind a pointer is a variable, however it is reached",
          "[checker][races][H16]") {
  struct pointing {
    var<int> x = 1;
    var<int> z = 3;
    var<void*> p = static_cast<void*>(&x);
  };
  struct far {
    std::array<char, 256> before;
    var<int> x = 42;
  };
  struct to_far {
    std::array<char, 512> before;
    var<far*> p = shared<far>().get();
  };
  const auto write_there = [](auto& x) { (*&x).write({}); };
  check({{"RaceIntptrRW", beside<var<int>>(write_there, [](auto& x) { x.write((*&x).read()); })},
         {"RaceStringPtrRW", beside<var<std::string>>(write_there, read)},
         {"RaceIndirection",
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
         {"RaceUnsafePtrRW",
          beside<pointing>([](pointing& s) { s.p.write(&s.z); },
                           [](pointing& s) { static_cast<var<int>*>(s.p.read())->read(); })},
         {"NoRaceAddrExpr", beside<var<int>>(write, [](auto& x) { (void)&x; })},
         {"RaceAddrExpr", beside<to_far>([](to_far& a) { a.p.write(shared<far>().get()); },
                                         [](to_far& a) { (void)&a.p.read()->x; })}});
}

TEST_CASE("a struct is its fields, or one variable", "[checker][races][H16]") {
  struct nothing {};
  struct ends_empty {
    var<int> y = 0;
    [[no_unique_address]] nothing none;
  };
  struct around {
    ends_empty x;
    var<int> y = 0;
  };
  struct nested {
    point x;
  };
  const auto write_x = [](point& p) { p.x.write(1); };
  const auto write_y = [](point& p) { p.y.write(1); };
  check({{"RaceStructRW", beside<point>([](point& p) { p = point{}; },
                                        [](point& p) {
                                          point q;
                                          q = p;
                                        })},
         {"RaceStructFieldRW1", beside<point>(write_x, [](point& p) { p.x.read(); })},
         {"NoRaceStructFieldRW1", beside<point>(write_x, write_y)},
         {"RaceStructFieldRW2", beside<point>(write_x, [](point& p) { (&p)->x.read(); })},
         {"NoRaceStructFieldRW2", beside<point>(write_x, [](point& p) { (&p)->y.write(1); })},
         {"RaceStructFieldRW3", beside<named_point>([](named_point& n) { n.p.x.write(1); },
                                                    [](named_point& n) { n.p.x.read(); })},
         {"RaceStructInd", beside<point>([](point& p) { p = point{}; }, write_y)},
         {"NoRaceEmptyStruct", beside<around>(
                                   [](around& a) {
                                     ends_empty x;
                                     x = a.x;
                                   },
                                   [](around& a) { a.y.write(42); })},
         {"RaceNestedStruct", beside<nested>(
                                  [](nested& n) {
                                    nested copied;
                                    copied = n;
                                  },
                                  [](nested& n) { n.x.y.write(42); })}});
}

TEST_CASE("a copy of an array is a copy of each element", "[checker][races][H16]") {
  struct array {
    std::array<var<int>, 5> all;
  };
  // In Go's case it is 20 levels deep, to try its compiler.
  using plane = std::array<std::array<point, 2>, 2>;
  struct planes {
    std::array<plane, 2> a;
    std::array<plane, 2> b;
  };
  check({{"RaceArrayCopy",
          beside<array>([](array& a) { a.all[3].write(1); }, [](array& a) { a = array{}; })},
         {"RaceNestedArrayCopy", beside<planes>([](planes& p) { p.a[0][1][0].y.write(1); },
                                                [](planes& p) { p.a = p.b; })}});
}

TEST_CASE("a value that is made of a variable reads it", "[checker][races][H16]") {
  const auto made_of = [](auto use) { return written_beside(42, use); };
  check({{"RaceStructInit", made_of([](auto& y) {
            point p;
            p.x.write(y.read());
          })},
         {"RaceArrayInit", made_of([](auto& y) {
            (void)std::array{0, y.read(), 42};
          })},
         {"RaceMapInit", made_of([](auto& y) {
            (void)std::map<int, int>{{0, 42}, {y.read(), 42}};
          })},
         {"RaceMapInit2", made_of([](auto& y) {
            (void)std::map<int, int>{{0, 42}, {42, y.read()}};
          })}});
}

TEST_CASE("a slice's variable is read by what asks for its length or its parts",
          "[checker][races][H16]") {
  struct sliced {
    var<slice<var<int>>> a = make_slice<var<int>>(3);
    var<std::size_t> i = 1;
  };
  const auto append_to_itself = [](sliced& s) { s.a.write(append_value(s.a.read(), 1)); };
  const auto append_one = [](sliced& s) { append_value(s.a.read(), 1); };
  const auto replace = [](sliced& s) { s.a.write(make_slice<var<int>>(4)); };
  check({{"RaceAppendRW", beside<sliced>(append_one, [](sliced& s) { s.a.read()[0].write(1); })},
         {"RaceAppendLenRW",
          beside<sliced>(append_to_itself, [](sliced& s) { (void)s.a.read().length; })},
         {"RaceAppendCapRW",
          beside<sliced>(append_to_itself, [](sliced& s) { (void)s.a.read().capacity; })},
         {"RaceSliceSlice", beside<sliced>(replace, [](sliced& s) { s.a.read().part(1, 2); })},
         {"RaceSliceSlice2", beside<sliced>([](sliced& s) { s.i.write(2); },
                                            [](sliced& s) { s.a.read().part(s.i.read(), 3); })}});
}

TEST_CASE("elements that are structs are copied field by field", "[checker][races][H16]") {
  struct points {
    slice<point> all = make_slice<point>(2);
  };
  const auto write_field = [](points& p) { p.all[1].y.write(42); };
  check({{"RaceSliceStruct",
          beside<points>([](points& p) { copy(make_slice<point>(2), p.all); }, write_field)},
         {"RaceAppendSliceStruct",
          beside<points>([](points& p) { append(make_slice<point>(0, 2), p.all); }, write_field)}});
}

TEST_CASE("memory that is freed and used again is another variable", "[checker][races][H16]") {
  const auto own = [](int count) {
    for (int i = 0; i < count; ++i) {
      const auto mine = std::make_unique<var<char>>();
      mine->write('*');
    }
  };
  check({{"NoRaceHeapReallocation",
          [=] {
            in_goroutines({[=] { own(1); },
                           [=] {
                             after(1ms).recv();
                             own(1);
                           }});
          }},
         {"NoRaceTinyAlloc",
          [=] {
            in_goroutines({[=] { own(2); }, [=] { own(2); }});
          }},
         {"RaceTLS", [] {
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
}  // namespace braid::testing::race_suite_mop_values
