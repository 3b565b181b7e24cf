// Go's race suite: channels; see support/race_suite.hpp for what is told how.
#include "support/race_suite.hpp"

namespace braid::testing::race_suite_chan {
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
const auto recv_value = [](chan<int>& c) { (void)c.recv().more; };
const auto close = [](chan<int>& c) { c.close(); };
const auto drain = [](chan<int>& c) {
  for (int v : c) (void)v;
};
const auto send_recovering = [](chan<int>& c) { recovering([&] { c.send(0); }); };

TEST_CASE("a send comes before the end of its receive", "[checker][races][H1][H7]") {
  check({{"NoRaceChanSync", write_then(0, send, recv)},
         {"NoRaceChanAsync", write_then(10, send, recv)},
         {"RaceChanSendLen", write_then(10, send, [](chan<int>& c) { c.size(); })},
         {"NoRaceChanPtr", [] {
            auto c = make_chan<std::shared_ptr<var<int>>>();
            go([=]() mutable { c.send(variable(1)); });
            c.recv().value->write(2);
          }}});
}

TEST_CASE("a receive comes before the end of its send only without a buffer",
          "[checker][races][H2]") {
  check({{"NoRaceChanSyncRev", write_after(0, send, recv)},
         {"RaceChanAsyncRev", write_after(10, send, recv)},
         {"RaceChanRecvLen", [] {
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

struct nothing {};

// Two goroutines write between the send and the receive of an element.
template <class T>
std::function<void()> as_mutex(T element, std::ptrdiff_t capacity) {
  return [=] {
    const auto data = variable();
    auto guard = make_chan<T>(capacity);
    const auto change = [=]() mutable {
      guard.send(element);
      data->write(42);
      guard.recv();
    };
    in_goroutines({change, change});
  };
}

TEST_CASE("a receive makes room for a send, and comes before its end", "[checker][races][H3]") {
  check({{"NoRaceChanMutex", as_mutex(nothing{}, 1)},
         {"RaceChanSem", as_mutex(true, 2)},
         {"NoRaceChanWaitGroup", [] {
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

TEST_CASE("elements without a size make room as others do", "[checker][races][H1][H3]") {
  check({// Go's detector has one clock for all elements of no size, and misses this.
         {"race: RaceChanSem with elements that have no size", as_mutex(nothing{}, 2)},
         {"NoRaceElemSize0",
          [] {
            auto c = make_chan<nothing>(2);
            c.send({});
            c.send({});
            const auto x = variable();
            const auto y = variable();
            for (const auto& mine : {x, y}) {
              go([=]() mutable {
                ++*mine;
                c.recv();
              });
            }
            c.send({});
            c.send({});
            ++*x;
            ++*y;
          }},
         {"no race: received before it is written, without a size", [] {
            const auto x = variable();
            auto c = make_chan<nothing>(2);
            go([=]() mutable {
              x->write(1);
              c.send({});
            });
            c.recv();
            x->write(2);
          }}});
}

TEST_CASE("a close comes before a receive that returns because of it", "[checker][races][H4]") {
  check({{"NoRaceChanAsyncCloseRecv", write_then(10, close, recv)},
         {"NoRaceChanAsyncCloseRecv3", write_then(10, close, drain)},
         {"NoRaceChanAsyncCloseRecv2", write_then(10, close, recv_value)},
         {"NoRaceChanSyncCloseRecv2", write_then(0, close, recv_value)},
         {"NoRaceChanSyncCloseRecv", write_then(0, close, recv)},
         {"NoRaceChanSyncCloseRecv3", write_then(0, close, drain)},
         {"race: it does not look at the length",
          write_then(10, close, [](chan<int>& c) { c.size(); })},
         {"NoRaceCloseHappensBeforeRead", [] {
            const auto x = variable();
            auto written = make_chan<int>(), looked = make_chan<int>();
            go([=]() mutable {
              if (select{braid::recv(written), otherwise} == 0) x->read();
              looked.close();
            });
            go([=]() mutable {
              x->write(1);
              written.close();
            });
            looked.recv();
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
  check({{"RaceChanSendClose", close_beside(send)},
         {"race: two closes", close_beside(close)},
         {"RaceChanSendSelectClose", close_beside([](chan<int>& c) {
            auto other = make_chan<int>();
            select{braid::send(c, 1), braid::recv(other)};
          })},
         {"no race: a receive beside a close", close_beside(recv)},
         {"NoRaceChanCloseLen", close_beside([](chan<int>& c) { c.size(); })},
         {"NoRaceChanCloseCap", close_beside([](chan<int>& c) { (void)c.capacity(); })},
         {"RaceChanCloseSend", [] {
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
  check({{"RaceChanSyncCloseSend", write_then(0, close, send_recovering)},
         {"RaceChanAsyncCloseSend", write_then(1, close,
                                               [](chan<int>& c) {
                                                 recovering([&] {
                                                   for (int i = 0; i < 2; ++i) c.send(0);
                                                 });
                                               })},
         {"RaceChanCloseClose",
          [] {
            const auto c = shared<chan<int>>(make_chan<int>());
            crosswise([=] { return !recovering([&] { c->close(); }); });
          }},
         {"RaceChanWrongClose", [] {
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
  check({{"RaceChanSendSend",
          [] {
            const auto c = shared<chan<int>>(make_chan<int>(1));
            crosswise([=] { return select{braid::send(*c, 1), otherwise} == 1; });
          }},
         {"RaceChanWrongSend", [] {
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
  check({{"RaceChanReadWriteAsync", through(10, false)},
         {"RaceChanReadWriteSync", through(0, false)},
         {"NoRaceChanReadWriteAsync", through(10, true)}});
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
  check({{"RaceChanItselfSend", itself(send)},
         {"RaceChanItselfRecv", itself(recv)},
         {"RaceChanItselfNil",
          [] {
            const auto c = shared<var<chan<int>>>(make_chan<int>(10));
            go([=] { c->read().send(0); });
            c->write(nullptr);
          }},
         {"RaceChanItselfClose", itself(close)},
         {"RaceChanItselfLen", itself([](chan<int>& c) { c.size(); })},
         {"RaceChanItselfCap", itself([](chan<int>& c) { (void)c.capacity(); })}});
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
  check({{"NoRaceBlockedSendSync", blocked([](auto& c) { return c.recv().value; })},
         {"NoRaceBlockedSelectSendSync", blocked([](auto& c) {
            std::shared_ptr<var<int>> p;
            auto never = make_chan<int>();
            select{braid::recv(c, p), braid::recv(never)};
            return p;
          })},
         {"NoRaceProducerConsumerUnbuffered", [] {
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
}  // namespace braid::testing::race_suite_chan
