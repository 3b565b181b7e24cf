// etcd 7443: a balancer sends under its lock, to a watcher who needs that lock.
//
// The balancer tells on a channel with room for one list which addresses to connect to: the one
// that is up, or all while none is. A watcher receives the lists, connects, and takes down what is
// not in them. Connections report to the balancer that they are up or down, and it sends the next
// list while it holds its lock. When the list before was not received yet that send waits; and the
// watcher, which alone receives, may be about to take that lock, or may be who sends. Then closing
// the balancer and the connection waits for the lock, too. (Address 0 is also the mark for "none is
// up", so lists are sent more often than was meant. A send after the close panics, and is
// recovered.)
//
// Fixed by sending from a goroutine of its own, without the lock, until the balancer is closed.
#include <algorithm>
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <list>
#include <map>
#include <utility>
#include <variant>
#include <vector>

namespace {

using addresses = std::vector<int>;
using signal_chan = braid::chan<std::monostate>;

const addresses all = {0, 1};  // 0, 1 and 2 in the original
constexpr int none = 0;

class balancer {
 public:
  explicit balancer(bool is_fixed) : is_fixed_(is_fixed) { lists.send(all); }

  const braid::chan<addresses> lists = braid::make_chan<addresses>(1);

  void up(int address) {
    guard_.lock();
    if (!is_closed_ && pinned_ == none) {
      pinned_ = address;
      tell({address});
    }
    guard_.unlock();
  }
  void down(int address) {
    braid::with_defers([&](braid::frame& f) {
      f.defer([&] { f.recover(); });
      guard_.lock();
      f.defer([&] { guard_.unlock(); });
      if (pinned_ != address) return;
      pinned_ = none;
      tell(all);
    });
  }
  void close() {
    guard_.lock();
    if (!std::exchange(is_closed_, true)) {
      if (is_fixed_) {
        closed_.close();
      } else {
        lists.close();
      }
      pinned_ = none;
    }
    guard_.unlock();
  }
  // The goroutine of the fix.
  void send_lists() {
    while (braid::select{braid::recv(changed_), braid::recv(closed_)} == 0) {
      guard_.lock();
      const addresses list = pinned_ == none ? all : addresses{pinned_};
      guard_.unlock();
      if (braid::select{braid::send(lists, list), braid::recv(closed_)} == 1) break;
    }
    lists.close();
  }

 private:
  // REQUIRES: guard_ is locked.
  void tell(const addresses& list) {
    if (is_fixed_) {
      changed_.try_send({});
    } else {
      lists.send(list);
    }
  }

  const bool is_fixed_;
  const signal_chan changed_ = braid::make_chan<std::monostate>(1);
  const signal_chan closed_ = braid::make_chan<std::monostate>();
  braid::shared_mutex guard_;
  // Guarded by it:
  bool is_closed_ = false;
  int pinned_ = none;
};

struct connection {
  explicit connection(int to) : address(to) {}

  const int address;
  braid::wait_group connecting;
  braid::mutex guard;
  bool is_up = false;  // guarded by it
};
using connections = std::map<int, connection*>;

struct client {
  explicit client(bool is_fixed) : connects_to(is_fixed) {}

  balancer connects_to;
  std::list<connection> made;  // by the watcher
  braid::shared_mutex guard;
  // Guarded by it:
  bool is_closed = false;
  connections open;
};

void connect(client& from, int address) {
  connection& c = from.made.emplace_back(address);
  from.guard.lock();
  const bool is_closed = from.is_closed;
  if (!is_closed) from.open[address] = &c;
  from.guard.unlock();
  if (is_closed) return;
  c.connecting.add(1);
  braid::go({.name = "connection"}, [&] {
    c.guard.lock();
    from.connects_to.up(c.address);
    c.is_up = true;
    c.guard.unlock();
    c.connecting.done();
  });
}

void take_down(client& in, const connections& taken) {
  for (const auto& [address, c] : taken) {
    c->guard.lock();
    if (std::exchange(c->is_up, false)) in.connects_to.down(address);
    c->guard.unlock();
  }
}

void watch(client& in) {
  for (const addresses& list : in.connects_to.lists) {
    addresses added;
    connections gone;
    in.guard.lock();
    for (const int address : list) {
      if (!in.open.contains(address)) added.push_back(address);
    }
    std::erase_if(in.open, [&](const auto& one) {
      const bool stays = std::find(list.begin(), list.end(), one.first) != list.end();
      if (!stays) gone.insert(one);
      return !stays;
    });
    in.guard.unlock();
    for (const int address : added) connect(in, address);
    take_down(in, gone);
  }
}

void close(client& in) {
  in.guard.lock();
  in.is_closed = true;
  const connections taken = std::exchange(in.open, {});
  in.guard.unlock();
  in.connects_to.close();
  take_down(in, taken);
}

void dial_and_close(bool is_fixed) {
  client c(is_fixed);
  braid::wait_group others;
  const auto start = [&](const char* name, auto body) {
    braid::go({.name = name}, [&others, body] {
      body();
      others.done();
    });
  };
  others.add(is_fixed ? 4 : 3);
  start("watcher", [&c] { watch(c); });
  const signal_chan closed = braid::make_chan<std::monostate>();
  start("close balancer", [&c, closed] {
    c.connects_to.close();
    closed.close();
  });
  start("close client", [&c] { close(c); });
  if (is_fixed) start("sender", [&c] { c.connects_to.send_lists(); });
  closed.recv();
  // Nobody waits for the others in the original, where a collector frees the client.
  others.wait();
  for (connection& made : c.made) made.connecting.wait();
}

}  // namespace

BRAID_SCENARIO("goker/etcd_7443", "a balancer sends under its lock, to a watcher who needs it",
               {.expected = {"", {"", "deadlock"}}, .exhaustible = false}) {
  dial_and_close(false);
}
BRAID_SCENARIO("goker/etcd_7443-fixed", "a balancer has a goroutine that sends without its lock",
               {.expected = {""}, .exhaustible = false}) {
  dial_and_close(true);
}
