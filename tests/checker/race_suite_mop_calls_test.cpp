// Go's race suite: functions, methods and what is deferred; see support/race_suite.hpp.
#include <functional>
#include <set>
#include <utility>

#include "support/go_slice.hpp"

namespace braid::testing::race_suite_mop_calls {
namespace {

const auto write = [](auto& v) { v.write({}); };

TEST_CASE("an argument is read before the call", "[checker][races][H16]") {
  const auto ignore = [](auto) {};
  const auto pass = [=](auto& x) { ignore(x.read()); };
  // The goroutine that is started has a copy.
  const auto pass_to_goroutine = [=](auto& x) { go(ignore, x.read()); };
  check({{"RaceFuncArgument", beside<var<int>>(pass, write)},
         {"RaceFuncCall", beside([](variables& v) { v.y.write(42); },
                                 [](variables& v) {
                                   const int x = v.x.read();
                                   std::plus<int>()(x, v.y.read());
                                 })},
         {"RaceAsFunc2", beside<var<int>>(pass, write)},
         {"RaceSprint", beside<var<int>>([](auto& x) { std::to_string(x.read()); }, write)},
         {"RaceFuncArgument2", both<var<int>>(write, pass_to_goroutine)},
         {"NoRaceFuncArgsRW",
          [=] {
            const auto x = variable();
            pass_to_goroutine(*x);
            x->write(1);
          }},
         {"RaceFuncArgsRW", beside<var<int>>([](var<int>& x) { (&x)->read(); }, write)},
         {"RaceEfaceConv", beside<var<int>>(pass_to_goroutine, write)},
         {"RaceIfaceConv", beside<var<std::function<void()>>>(pass_to_goroutine, write)}});
}

TEST_CASE("an argument of a panic or of a deferred call is read at once", "[checker][races][H16]") {
  const auto divide_and_write = [](variables& v) {
    recovering([&] {
      if (v.z.read() == 0) panic("integer divide by zero");
    });
    v.x.write(1);
  };
  check(
      {{"RacePanicArg",
        beside<var<std::string>>([](auto& text) { text.write("other"); },
                                 [](auto& text) { recovering([&] { panic(text.read()); }); })},
       {"RaceDeferArg",
        beside<var<int>>(
            write, [](auto& x) { with_defers([&](frame& f) { f.defer([](int) {}, x.read()); }); })},
       {"RaceDeferArg2", beside<var<int>>(write,
                                          [](auto& receiver) {
                                            const defer call(
                                                [copy = receiver.read()] { (void)copy; });
                                          })},
       {"RacePanic", both(divide_and_write, divide_and_write)}});
}

// Go's interface: what the pointer points to decides which function is called.
struct object {
  virtual ~object() = default;
  virtual void call(int) const {}
};
using any_object = std::shared_ptr<const object>;

TEST_CASE("a call of a method reads the variable that holds the object", "[checker][races][H16]") {
  struct receiver {
    var<any_object> i = any_object(std::make_shared<object>());
    var<int> z = 0;
  };
  const auto replace = [](receiver& r) { r.i.write(std::make_shared<object>()); };
  const auto write_z = [](receiver& r) { r.z.write(42); };
  const auto call_with_z = [](receiver& r) {
    const any_object held = r.i.read();
    held->call(r.z.read());
  };
  const auto call = [](receiver& r) { r.i.read()->call(0); };
  check({{"RaceInterCall", beside<receiver>(replace, call)},
         {"RaceInterCall2", beside<receiver>(write_z, call_with_z)},
         {"RaceMethodCall", beside<receiver>(write_z, call_with_z)},
         {"RaceMethodCall2", beside<receiver>(replace, call)}});
}

TEST_CASE("a method that is a value has copied its object, or knows where it is",
          "[checker][races][H16]") {
  using pair = std::pair<int, int>;
  struct pointing {
    var<pair> there = pair();
    var<var<pair>*> i = &there;
  };
  // Go's `i.Foo`: by value.
  const auto bind_copy = [](auto& i) {
    (void)[copy = i.read()] { return copy; };
  };
  const auto bind_place = [](auto& i) {
    (void)[&i] { i.read(); };
  };
  check({{"RaceMethodValue", beside<var<pair>>(write, bind_copy)},
         {"RaceMethodValue2", beside<var<any_object>>(write, bind_copy)},
         {"RaceMethodValue3", beside<pointing>([](pointing& p) { p.there.write({}); },
                                               [=](pointing& p) { bind_copy(*p.i.read()); })},
         {"NoRaceMethodValue", beside<var<pair>>(write, bind_place)}});
}

TEST_CASE("a method of a part reads what leads to the part, and no more", "[checker][races][H16]") {
  struct derived {
    var<int> before = 0;
    var<int> base = 0;
  };
  struct pointing {
    var<int> before = 0;
    var<var<int>*> base = shared<var<int>>().get();
  };
  const auto clear = [](auto& d) { d = {}; };
  const auto take_place = [](derived& d) { (void)&d.base; };
  const auto take_pointer = [](pointing& d) { d.base.read(); };
  const auto call = [](pointing& d) { d.base.read()->read(); };
  const auto replace = [](pointing& d) { d.base.write(shared<var<int>>().get()); };
  check({{"NoRaceMethodThunk", beside<derived>(take_place, clear)},
         {"RaceMethodThunk", beside<pointing>(take_pointer, clear)},
         {"RaceMethodThunk2", beside<derived>([](derived& d) { d.base.read(); }, clear)},
         {"RaceMethodThunk3", beside<pointing>(call, replace)},
         {"RaceMethodThunk4",
          beside<pointing>(call, [](pointing& d) { d.base.read()->write(42); })}});
}

TEST_CASE("each result of a call is written to its variable", "[checker][races][H16]") {
  struct number_and_pointer {
    var<int> number = 0;
    var<int*> pointer = nullptr;
  };
  const auto assign_two = [](variables& v) {
    const auto [x, y] = std::pair(42, 43);
    v.x.write(x);
    v.y.write(y);
  };
  // Which is first in Go's cases: the pointer, or the number.
  const auto assign = [](bool pointer_first) {
    return [=](number_and_pointer& v) {
      static int result = 42;
      if (pointer_first) v.pointer.write(&result);
      v.number.write(43);
      if (!pointer_first) v.pointer.write(&result);
    };
  };
  const auto read_number = [](number_and_pointer& v) { v.number.read(); };
  const auto read_pointer = [](number_and_pointer& v) { v.pointer.read(); };
  check({{"RaceBlockCall1", beside(assign_two, [](variables& v) { v.x.read(); })},
         {"RaceBlockCall2", beside(assign_two, [](variables& v) { v.y.read(); })},
         {"RaceBlockCall3", beside<number_and_pointer>(assign(true), read_pointer)},
         {"RaceBlockCall4", beside<number_and_pointer>(assign(false), read_pointer)},
         {"RaceBlockCall5", beside<number_and_pointer>(assign(true), read_number)},
         {"RaceBlockCall6", beside<number_and_pointer>(assign(false), read_number)},
         {"RaceAsFunc1",
          beside<var<slice<var<char>>>>([](auto& s) { s.write(make_slice<var<char>>(2)); },
                                        [](auto& s) { text_of(s.read()); })},
         {"RaceHeapParam", [] {
            auto done = make_chan<bool>();
            const auto result = [=] {
              const auto x = variable();
              go([=]() mutable {
                x->write(42);
                done.send(true);
              });
              return x->read();
            };
            result();
            done.recv();
          }}});
}

TEST_CASE("an argument is read before the lock in the function, a result is written after it",
          "[checker][races][H10]") {
  struct guarded {
    mutex lock;
    var<int> x = 0;
  };
  const auto write_under_lock = [](guarded& g) {
    g.lock.lock();
    g.x.write(42);
    g.lock.unlock();
  };
  const auto result_under_lock = [](guarded& g) {
    const auto value = [&] {
      g.lock.lock();
      return 43;
    }();
    g.x.write(value);
    g.lock.unlock();
  };
  check({{"RaceAsFunc3", beside<guarded>(
                             [](guarded& g) {
                               [&](int) { g.lock.lock(); }(g.x.read());
                               g.lock.unlock();
                             },
                             write_under_lock)},
         {"NoRaceAsFunc4", beside<guarded>(result_under_lock, write_under_lock)},
         {"NoRaceFuncUnlock", beside<guarded>(write_under_lock, result_under_lock)}});
}

// Several goroutines look in one set for what was seen, and add to it.
struct crawler {
  var<std::set<std::string>> seen;
  wait_group group;

  void crawl(const std::string& url, int depth) {
    auto more = seen.read();
    more.insert(url);
    seen.write(more);
    for (const std::string next : {"a", "b"}) {
      if (depth == 0 || seen.read().contains(next)) continue;
      group.add(1);
      go([this, next, depth] { crawl(next, depth - 1); });
    }
    group.done();
  }
};

// A goroutine reads a source in pieces, all to one buffer, and another one looks at each piece.
template <class Read>
std::function<void()> through_one_buffer(Read read_piece) {
  return [=] {
    auto pieces = make_chan<slice<var<char>>>();
    go([=]() mutable {
      const std::string source = "come";
      const auto buffer = make_slice<var<char>>(2);
      for (std::size_t begin = 0; begin < source.size(); begin += buffer.length) {
        read_piece(source, begin, buffer);
        pieces.send(buffer);
      }
      pieces.close();
    });
    for (const auto& piece : pieces) text_of(piece);
  };
}

TEST_CASE("what several goroutines use without an order races", "[checker][races][H16]") {
  const auto read_at = [](const std::string& source, std::size_t begin, const auto& buffer) {
    copy(buffer, source.substr(begin));
  };
  const auto read_on = [](const std::string& source, std::size_t begin, const auto& buffer) {
    for (std::size_t i = 0; i < buffer.length; ++i) buffer[i].write(source[begin + i]);
  };
  check({{"RaceCrawl",
          [] {
            const auto all = shared<crawler>();
            all->group.add(1);
            go([=] { all->crawl("dummy", 1); });
            all->group.wait();
          }},
         // A file, a file at an offset, and a buffer in memory.
         {"RaceIssue5567", through_one_buffer(read_on)},
         {"RaceIssue51618", through_one_buffer(read_at)},
         {"RaceIssue5654", through_one_buffer(read_at)}});
}

}  // namespace
}  // namespace braid::testing::race_suite_mop_calls
