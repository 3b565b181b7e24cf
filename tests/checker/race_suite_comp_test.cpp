// Go's race suite: structs in structs; see support/race_suite.hpp.
#include <array>

#include "support/go_slice.hpp"

namespace braid::testing::race_suite_comp {
namespace {

// An assignment reads and writes each variable in it.
struct point {
  var<int> x = 0;
  var<int> y = 0;
};
struct line {
  point from;
  point to;
};
struct shape {
  std::array<point, 3> corners;
};
struct ends {
  var<point*> from = shared<point>().get();
  var<point*> to = shared<point>().get();
};

TEST_CASE("what races in a struct is a field, however deep", "[checker][races][H16]") {
  const auto clear = [](line& l) { l = line{}; };
  check({{"NoRaceComp",
          beside<line>([](line& l) { l.to.x.write(1); }, [](line& l) { l.to.y.write(2); })},
         {"NoRaceComp2",
          beside<line>([](line& l) { l.from.x.write(1); }, [](line& l) { l.from.y.write(2); })},
         {"RaceComp",
          beside<line>([](line& l) { l.to.y.write(1); }, [](line& l) { l.to.y.write(2); })},
         {"RaceComp2", beside<line>([](line& l) { l.from.x.write(1); }, clear)},
         {"RaceComp3", beside<line>([](line& l) { l.to.y.write(1); }, clear)}});
}

TEST_CASE("an index that is a variable is read, whatever is in the element",
          "[checker][races][H16]") {
  struct indexed {
    std::array<line, 3> lines;
    var<std::size_t> i = 1;
  };
  check({{"RaceCompArray", beside<indexed>([](indexed& s) { s.lines[s.i.read()].to.y.write(1); },
                                           [](indexed& s) { s.i.write(2); })}});
}

TEST_CASE("seen as another type, a field is the same variable", "[checker][races][H16]") {
  struct other_point : point {};
  struct other_line : line {};
  struct other_shape : shape {};
  check({{"RaceConv1", beside<other_point>([](auto& p) { p.x.write(1); },
                                           [](auto& p) { static_cast<point&>(p).x.read(); })},
         {"RaceConv2", beside<other_point>([](auto& p) { p.x.write(1); },
                                           [](auto& p) {
                                             const auto pointer = &p;
                                             static_cast<point&>(*pointer).x.read();
                                           })},
         {"RaceConv3", beside<other_line>([](auto& l) { l.from.x.write(1); },
                                          [](auto& l) { static_cast<line&>(l).from.x.read(); })},
         {"RaceConv4",
          beside<other_shape>([](auto& s) { s.corners[1].x.write(1); },
                              [](auto& s) { static_cast<shape&>(s).corners[1].x.read(); })}});
}

TEST_CASE("a pointer is a variable beside what it points to", "[checker][races][H16]") {
  const auto write_there = [](ends& e) { e.to.read()->x.write(1); };
  check({{"NoRaceCompPtr", beside<ends>([](ends& e) { e.from.read()->x.write(1); },
                                        [](ends& e) { e.from.read()->y.write(2); })},
         {"NoRaceCompPtr2", beside<ends>(write_there,
                                         [](ends& e) {
                                           e.from.read();
                                           e.to.read();
                                         })},
         {"RaceCompPtr", beside<ends>(write_there, write_there)},
         {"RaceCompPtr2",
          beside<ends>(write_there, [](ends& e) { e.to.write(shared<point>().get()); })}});
}

}  // namespace
}  // namespace braid::testing::race_suite_comp
