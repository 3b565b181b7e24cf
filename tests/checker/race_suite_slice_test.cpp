// Go's race suite: slices; see support/race_suite.hpp.
#include <array>

#include "support/go_slice.hpp"

namespace braid::testing::race_suite_slice {
namespace {

// Two variables that hold slices, and one for an index.
template <class T>
struct slices {
  var<slice<var<T>>> a = make_slice<var<T>>(3);
  var<slice<var<T>>> b = make_slice<var<T>>(3);
  var<std::size_t> i = 1;
};
// With room behind the elements.
template <class T>
struct spacious {
  var<slice<var<T>>> a = make_slice<var<T>>(2, 4);
};

const auto read_last = [](auto& s) { s.a.read()[2].read(); };
const auto read_last_of_b = [](auto& s) { s.b.read()[2].read(); };
const auto write_first = [](auto& s) { s.a.read()[0].write({}); };
const auto write_last = [](auto& s) { s.a.read()[2].write({}); };
const auto write_last_of_b = [](auto& s) { s.b.read()[2].write({}); };
const auto take_length = [](auto& s) { (void)s.a.read().length; };
const auto take_capacity = [](auto& s) { (void)s.a.read().capacity; };
const auto copy_all = [](auto& s) { copy(s.a.read(), s.b.read()); };
const auto copy_two = [](auto& s) { copy(s.a.read().part(0, 2), s.b.read().part(0, 2)); };
const auto append_one = [](auto& s) { append_value(s.a.read(), {}); };
const auto append_all = [](auto& s) { append(s.a.read(), s.b.read()); };
const auto walk = [](auto& s) {
  for (std::size_t i = 0, end = s.a.read().length; i < end; ++i) continue;
};
const auto read_all = [](auto& s) {
  for (const auto& element : s.a.read()) element.read();
};
// Another slice in the variable.
const auto replace = [](slices<int>& s) { s.a.write(make_slice<var<int>>(4)); };

TEST_CASE("elements of a slice are variables of their own", "[checker][races][H16]") {
  struct array {
    std::array<var<int>, 3> a;
  };
  check({{"RaceSliceRW", beside<slices<int>>(write_last, read_last)},
         {"NoRaceSliceRW", beside<slices<int>>(write_first, read_last)},
         {"RaceSliceWW", beside<slices<int>>(write_last, write_last)},
         {"NoRaceArrayWW",
          beside<array>([](array& a) { a.a[0].write(1); }, [](array& a) { a.a[1].write(2); })},
         {"RaceArrayWW",
          beside<array>([](array& a) { a.a[1].write(1); }, [](array& a) { a.a[1].write(2); })},
         // Go's detector missed it once: two variables, one array.
         {"RaceSliceDifferent", beside<slices<int>>(write_last, [](slices<int>& s) {
            s.b.write(s.a.read());
            write_last_of_b(s);
          })}});
}

TEST_CASE("the length and the capacity of a slice are not in its elements",
          "[checker][races][H16]") {
  struct nothing {};
  struct two {
    slice<var<int>> a = make_slice<var<int>>(3);
    slice<var<int>> b = make_slice<var<int>>(3);
  };
  const auto walk_a = [](two& s) {
    for (std::size_t i = 0; i < s.a.length; ++i) continue;
  };
  check({{"NoRaceSliceWriteLen", beside<slices<bool>>(write_first, take_length)},
         {"NoRaceSliceWriteCap", beside<slices<std::uint64_t>>(write_first, take_capacity)},
         {"NoRaceSliceLenCap", beside<slices<nothing>>(take_length, take_capacity)},
         {"NoRaceStructSlicesRangeWrite", beside<two>(walk_a, [](two& s) { s.b[1].write(5); })}});
}

TEST_CASE("a copy reads what it copies and writes where it copies to", "[checker][races][H16]") {
  const auto copy_text = [](slices<char>& s) { copy(s.a.read(), std::string("qwerty")); };
  check({{"RaceSliceCopyRead", beside<slices<int>>(read_last, copy_all)},
         {"NoRaceSliceWriteCopy", beside<slices<int>>(write_last, copy_two)},
         {"RaceSliceCopyWrite2", beside<slices<int>>(write_last_of_b, copy_all)},
         {"RaceSliceCopyWrite3", beside<slices<char>>(write_last, copy_text)},
         {"NoRaceSliceCopyRead", beside<slices<int>>(read_last_of_b, copy_all)},
         {"RacePointerSliceCopyRead", beside<slices<int*>>(read_last, copy_all)},
         {"NoRacePointerSliceWriteCopy", beside<slices<int*>>(write_last, copy_two)},
         {"RacePointerSliceCopyWrite2", beside<slices<int*>>(write_last_of_b, copy_all)},
         {"NoRacePointerSliceCopyRead", beside<slices<int*>>(read_last_of_b, copy_all)}});
}

TEST_CASE("a part of a slice is taken without its elements", "[checker][races][H16]") {
  const auto cut = [](slices<double>& s) { s.a.write(s.a.read().part(1, 3)); };
  const auto cut_off = [](slices<double>& s) { s.a.read().part(1, 3); };
  const auto cut_here = [](slices<double>& s) { s.a.read().part(0, 2); };
  check({{"NoRaceSliceWriteSlice2", beside<slices<double>>(write_first, cut_here)},
         {"RaceSliceWriteSlice", beside<slices<double>>(write_first, cut)},
         {"NoRaceSliceWriteSlice", beside<slices<double>>(write_first, cut_off)},
         {"RaceSlice3",
          beside<slices<int>>([](slices<int>& s) { s.i.write(2); },
                              [](slices<int>& s) { s.a.read().part(0, s.i.read()); })}});
}

TEST_CASE("a loop over a slice reads the variable once, and the elements that it asks for",
          "[checker][races][H16]") {
  const auto append_to_itself = [](slices<int>& s) { s.a.write(append_value(s.a.read(), 3)); };
  check({{"RaceSliceRangeWrite", beside<slices<int>>(write_last, read_all)},
         {"NoRaceSliceRangeWrite", beside<slices<int>>(write_last, walk)},
         {"RaceSliceRangeAppend", beside<slices<int>>(append_to_itself, walk)},
         {"NoRaceSliceRangeAppend", beside<slices<int>>(append_one, walk)}});
}

TEST_CASE("a variable that holds a slice is a variable", "[checker][races][H16]") {
  const auto copy_there = [](slices<int>& s) { copy(s.a.read(), make_slice<var<int>>(3)); };
  const auto copy_from = [](slices<int>& s) { copy(make_slice<var<int>>(3), s.a.read()); };
  check({{"RaceSliceVarWrite", beside<slices<int>>(write_last, replace)},
         {"RaceSliceVarRead", beside<slices<int>>(read_last, replace)},
         {"RaceSliceVarRange", beside<slices<int>>(walk, replace)},
         {"RaceSliceVarAppend", beside<slices<int>>(append_one, replace)},
         {"RaceSliceVarCopy", beside<slices<int>>(copy_there, replace)},
         {"RaceSliceVarCopy2", beside<slices<int>>(copy_from, replace)}});
}

TEST_CASE("an append writes behind the slice, or reads all of it", "[checker][races][H16]") {
  const auto append_fresh = [](auto& s) {
    const auto all = s.a.read();
    append(all, make_slice<typename decltype(all)::element>(2));
  };
  const auto append_text = [](slices<char>& s) {
    const auto text = make_slice<var<char>>(6);
    copy(text, std::string("qwerty"));
    append(s.a.read(), text);
  };
  check({{"RaceSliceAppend", beside<spacious<int>>(append_one, append_one)},
         {"RaceSliceAppendWrite", beside<slices<int>>(append_one, write_first)},
         {"RaceSliceAppendSlice", beside<slices<int>>(append_fresh, write_first)},
         {"RaceSliceAppendSlice2", beside<slices<int>>(append_all, write_last_of_b)},
         {"RaceSliceAppendString", beside<slices<char>>(append_text, write_first)},
         {"RacePointerSliceAppend", beside<spacious<int*>>(append_one, append_one)},
         {"RacePointerSliceAppendWrite", beside<slices<int*>>(append_one, write_first)},
         {"RacePointerSliceAppendSlice", beside<slices<int*>>(append_fresh, write_first)},
         {"RacePointerSliceAppendSlice2", beside<slices<int*>>(append_all, write_last_of_b)}});
}

TEST_CASE("an index that is a variable is read", "[checker][races][H16]") {
  const auto read_index = [](slices<int>& s) { s.i.read(); };
  const auto write_index = [](slices<int>& s) { s.i.write(2); };
  const auto write_there = [](slices<int>& s) { s.a.read()[s.i.read()].write(1); };
  const auto read_there = [](slices<int>& s) { s.a.read()[s.i.read()].read(); };
  check({{"NoRaceSliceIndexAccess", beside<slices<int>>(read_index, write_there)},
         {"NoRaceSliceIndexAccess2", beside<slices<int>>(read_index, read_there)},
         {"RaceSliceIndexAccess", beside<slices<int>>(write_index, write_there)},
         {"RaceSliceIndexAccess2", beside<slices<int>>(write_index, read_there)}});
}

TEST_CASE("a string is a variable, and one made of a slice reads all elements",
          "[checker][races][H16]") {
  struct strings {
    var<std::string> s = std::string("hello");
    var<std::string> t = std::string("world");
  };
  const auto text = [](auto& s) { text_of(s.a.read()); };
  check({{"RaceSliceByteToString", beside<slices<char>>(text, write_first)},
         {"RaceSliceRuneToString", beside<slices<char32_t>>(text, write_last)},
         {"RaceConcatString", beside<strings>([](strings& s) { (void)(s.s.read() + " world"); },
                                              [](strings& s) { s.s.write("world"); })},
         {"RaceCompareString", beside<strings>([](strings& s) { (void)(s.s.read() == s.t.read()); },
                                               [](strings& s) { s.s.write(s.t.read()); })},
         {"RaceSlice4", [] {
            const auto data = make_slice<var<char>>(3);
            const auto group = shared<wait_group>();
            group->add(1);
            go([=] {
              text_of(data);
              group->done();
            });
            copy(data, data.part(1, 3));
            group->wait();
          }}});
}

}  // namespace
}  // namespace braid::testing::race_suite_slice
