// Go's race suite: channels; see support/race_suite.hpp for what is told how.
#include "support/race_suite.hpp"

namespace braid::testing {
namespace {

// Two writes of v, one before and one after what a goroutine does with the channel.
template <class There, class Here>
std::function<void()> write_then(std::ptrdiff_t capacity, There there, Here here) {
  return [=] {
    const auto v = variable();
    auto c = make_chan<int>(capacity);
    go([=]() mutable {
      v->write(1);
      there(c);
    });
    here(c);
    v->write(2);
  };
}

template <class There, class Here>
std::function<void()> write_after(std::ptrdiff_t capacity, There there, Here here) {
  return [=] {
    const auto v = variable();
    auto c = make_chan<int>(capacity);
    go([=]() mutable {
      there(c);
      v->write(2);
    });
    v->write(1);
    here(c);
  };
}

const auto send = [](chan<int>& c) { c.send(0); };
const auto recv = [](chan<int>& c) { c.recv(); };
const auto close = [](chan<int>& c) { c.close(); };
const auto drain = [](chan<int>& c) {
  for (int v : c) (void)v;
};
const auto send_recovering = [](chan<int>& c) { recovering([&] { c.send(0); }); };

TEST_CASE("a send comes before the end of its receive", "[checker][races][H1][H7]") {
  check({{"NoRaceChanSync", false, write_then(0, send, recv)},
         {"NoRaceChanAsync", false, write_then(10, send, recv)},
         {"RaceChanSendLen", true, write_then(10, send, [](chan<int>& c) { c.size(); })},
         {"NoRaceChanPtr", false, [] {
            auto c = make_chan<std::shared_ptr<var<int>>>();
            go([=]() mutable { c.send(variable(1)); });
            c.recv().value->write(2);
          }}});
}

TEST_CASE("a receive comes before the end of its send only without a buffer",
          "[checker][races][H2]") {
  check({{"NoRaceChanSyncRev", false, write_after(0, send, recv)},
         {"RaceChanAsyncRev", true, write_after(10, send, recv)},
         {"RaceChanRecvLen", true, [] {
            const auto v = variable();
            auto c = make_chan<int>(10);
            c.send(1);
            go([=]() mutable {
              v->write(1);
              c.recv();
            });
            c.size();
            v->write(2);
          }}});
}

TEST_CASE("a receive makes room for a send, and comes before its end", "[checker][races][H3]") {
  const auto as_mutex = [](auto element, std::ptrdiff_t capacity) {
    return [=] {
      const auto data = variable();
      auto done = make_chan<int>();
      auto guard = make_chan<decltype(element)>(capacity);
      go([=]() mutable {
        guard.send(element);
        data->write(42);
        guard.recv();
        done.send(0);
      });
      guard.send(element);
      data->write(43);
      guard.recv();
      done.recv();
    };
  };
  struct nothing {};
  check({{"NoRaceChanMutex", false, as_mutex(nothing{}, 1)},
         {"RaceChanSem", true, as_mutex(true, 2)},
         // Go's detector has one clock for all elements of no size, and misses this.
         {"RaceChanSem of elements without size", true, as_mutex(nothing{}, 2)},
         {"NoRaceElemSize0", false,
          [] {
            const auto x = variable();
            auto c = make_chan<nothing>(2);
            go([=]() mutable {
              x->write(1);
              c.send({});
            });
            c.recv();
            x->write(2);
          }},
         {"NoRaceChanWaitGroup", false, [] {
            auto group = make_chan<bool>(2);
            std::vector<std::shared_ptr<var<int>>> data;
            for (int i = 0; i < 3; ++i) {
              data.push_back(variable());
              group.send(true);
              go([group, mine = data.back()]() mutable {
                mine->write(42);
                group.recv();
              });
            }
            for (int i = 0; i < 2; ++i) group.send(true);
            for (const auto& d : data) d->read();
          }}});
}

TEST_CASE("a close comes before a receive that returns because of it", "[checker][races][H4]") {
  check({{"NoRaceChanAsyncCloseRecv", false, write_then(10, close, recv)},
         {"NoRaceChanAsyncCloseRecv3", false, write_then(10, close, drain)},
         {"NoRaceChanSyncCloseRecv", false, write_then(0, close, recv)},
         {"NoRaceChanSyncCloseRecv3", false, write_then(0, close, drain)},
         {"RaceChanCloseLen", true, write_then(10, close, [](chan<int>& c) { c.size(); })},
         {"NoRaceCloseHappensBeforeRead", false, [] {
            const auto x = variable();
            auto c = make_chan<int>();
            auto done = make_chan<int>();
            go([=]() mutable {
              c.recv();
              x->read();
              done.send(0);
            });
            x->write(1);
            c.close();
            done.recv();
          }}});
}

TEST_CASE("a close races with a send, and with a close", "[checker][races][H5]") {
  const auto close_beside = [](auto other) {
    return [=] {
      auto done = make_chan<bool>(2);
      auto c = make_chan<int>(1);
      go([=]() mutable {
        recovering([&] { other(c); });
        done.send(true);
      });
      go([=]() mutable {
        recovering([&] { c.close(); });
        done.send(true);
      });
      done.recv();
      done.recv();
    };
  };
  check({{"RaceChanSendClose", true, close_beside(send)},
         {"RaceChanCloseClose itself", true, close_beside(close)},
         {"RaceChanSendSelectClose", true, close_beside([](chan<int>& c) {
            auto other = make_chan<int>();
            select{braid::send(c, 1), braid::recv(other)};
          })},
         {"no race: a receive beside a close", false, close_beside(recv)},
         {"no race: a length beside a close", false, close_beside([](chan<int>& c) { c.size(); })},
         {"RaceChanCloseSend", true, [] {
            auto done = make_chan<bool>(1);
            auto c = make_chan<int>(10);
            go([=]() mutable {
              c.close();
              done.send(true);
            });
            recovering([&] { c.send(0); });
            done.recv();
          }}});
}

TEST_CASE("an operation that panics orders nothing", "[checker][races][H6]") {
  check({{"RaceChanSyncCloseSend", true, write_then(0, close, send_recovering)},
         {"RaceChanAsyncCloseSend", true,
          write_then(1, close,
                     [](chan<int>& c) {
                       recovering([&] {
                         for (int i = 0; i < 2; ++i) c.send(0);
                       });
                     })},
         {"RaceChanCloseClose", true,
          [] {
            const auto v1 = variable();
            const auto v2 = variable();
            auto done = make_chan<bool>(2);
            auto c = make_chan<int>();
            const auto close_it = [=](auto mine, auto other) {
              return [=]() mutable {
                mine->write(1);
                try {
                  c.close();
                } catch (const runtime_panic&) {
                  other->write(2);
                }
                done.send(true);
              };
            };
            go(close_it(v1, v2));
            go(close_it(v2, v1));
            done.recv();
            done.recv();
          }},
         {"RaceChanWrongClose", true, [] {
            const auto v1 = variable();
            const auto v2 = variable();
            auto c = make_chan<int>(1);
            go([=]() mutable {
              recovering([&] {
                v1->write(1);
                c.send(1);
              });
            });
            go([=]() mutable {
              v2->write(2);
              c.close();
            });
            c.recv().more ? v2->write(2) : v1->write(2);
          }}});
}

TEST_CASE("two sends order nothing, nor does what each carries", "[checker][races][H1][H17]") {
  check({{"RaceChanSendSend", true,
          [] {
            const auto v1 = variable();
            const auto v2 = variable();
            auto done = make_chan<bool>(2);
            auto c = make_chan<int>(1);
            const auto send_it = [=](auto mine, auto other) {
              return [=]() mutable {
                mine->write(1);
                if (select{braid::send(c, 1), otherwise} == 1) other->write(2);
                done.send(true);
              };
            };
            go(send_it(v1, v2));
            go(send_it(v2, v1));
            done.recv();
            done.recv();
          }},
         {"RaceChanWrongSend", true, [] {
            const auto v1 = variable();
            const auto v2 = variable();
            auto c = make_chan<int>(2);
            go([=]() mutable {
              v1->write(1);
              c.send(1);
            });
            go([=]() mutable {
              v2->write(2);
              c.send(2);
            });
            c.recv().value == 1 ? v2->write(3) : v1->write(3);
          }}});
}

TEST_CASE("what is sent is read, and what is received is written", "[checker][races][H9]") {
  const auto through = [](std::ptrdiff_t capacity, bool is_same) {
    return [=] {
      const auto x = variable();
      auto done = make_chan<bool>();
      auto c1 = make_chan<int>(capacity);
      auto c2 = is_same ? c1 : make_chan<int>(capacity);
      if (capacity == 0) go([=]() mutable { c1.recv(); });
      if (!is_same) go([=]() mutable { c2.send(10); });
      go([=]() mutable {
        c1.send(x->read());
        done.send(true);
      });
      x->write(c2.recv().value);
      done.recv();
    };
  };
  check({{"RaceChanReadWriteAsync", true, through(10, false)},
         {"RaceChanReadWriteSync", true, through(0, false)},
         {"NoRaceChanReadWriteAsync", false, through(10, true)}});
}

TEST_CASE("a variable that holds a channel is a variable", "[checker][races][H8]") {
  const auto itself = [](auto use) {
    return [=] {
      auto done = make_chan<bool>(1);
      auto first = make_chan<int>(10);
      first.send(1);
      const auto c = shared<var<chan<int>>>(first);
      go([=]() mutable {
        chan<int> held = c->read();
        use(held);
        done.send(true);
      });
      c->write(make_chan<int>(20));
      done.recv();
    };
  };
  check({{"RaceChanItselfSend", true, itself(send)},
         {"RaceChanItselfRecv", true, itself(recv)},
         {"RaceChanItselfNil", true,
          [] {
            const auto c = shared<var<chan<int>>>(make_chan<int>(10));
            go([=] { c->read().send(0); });
            c->write(nullptr);
          }},
         {"RaceChanItselfClose", true, itself(close)},
         {"RaceChanItselfLen", true, itself([](chan<int>& c) { c.size(); })},
         {"RaceChanItselfCap", true, itself([](chan<int>& c) { (void)c.capacity(); })}});
}

TEST_CASE("a sender that waited is as one that did not", "[checker][races][H1][H3]") {
  const auto blocked = [](auto receive) {
    return [=] {
      auto c = make_chan<std::shared_ptr<var<int>>>(1);
      c.send(nullptr);
      go([=]() mutable {
        const auto i = variable();
        i->write(42);
        c.send(i);
      });
      c.recv();
      receive(c)->read();
    };
  };
  check({{"NoRaceBlockedSendSync", false, blocked([](auto& c) { return c.recv().value; })},
         {"NoRaceBlockedSelectSendSync", false, blocked([](auto& c) {
            std::shared_ptr<var<int>> p;
            auto never = make_chan<int>();
            select{braid::recv(c, p), braid::recv(never)};
            return p;
          })},
         {"NoRaceProducerConsumerUnbuffered", false, [] {
            struct task {
              std::function<void()> f;
              chan<bool> done;
            };
            auto queue = make_chan<task>();
            go([=]() mutable {
              task t = queue.recv().value;
              t.f();
              t.done.send(true);
            });
            const auto x = variable();
            auto done = make_chan<bool>(1);
            queue.send({[=] { x->write(1); }, done});
            done.recv();
            x->read();
          }}});
}

}  // namespace
}  // namespace braid::testing
