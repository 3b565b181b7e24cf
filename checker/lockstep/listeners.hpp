// Two observers as one, for executions that somebody else hears too.
#pragma once

#include "lockstep/observer.hpp"

namespace braid {

class listeners final : public observer {
 public:
  void set(observer& first, observer& second) {
    first_ = &first;
    second_ = &second;
  }

  void created(const goroutine& g) override {
    tell([&](observer& o) { o.created(g); });
  }
  void finished(const goroutine& g) override {
    tell([&](observer& o) { o.finished(g); });
  }
  void made(const op& made) override {
    tell([&](observer& o) { o.made(made); });
  }
  void named(const void* object, std::string_view name) override {
    tell([&](observer& o) { o.named(object, name); });
  }
  void destroyed(const object& what) override {
    tell([&](observer& o) { o.destroyed(what); });
  }
  void decided(const decision& d, const situation* among) override {
    tell([&](observer& o) { o.decided(d, among); });
  }
  void does(std::uint32_t step, const goroutine& g, const op& what) override {
    tell([&](observer& o) { o.does(step, g, what); });
  }
  void done(const goroutine& g, const event& what) override {
    tell([&](observer& o) { o.done(g, what); });
  }
  void refused(const goroutine& g, std::string_view why) override {
    tell([&](observer& o) { o.refused(g, why); });
  }
  void waits(const goroutine& g, const op& what) override {
    tell([&](observer& o) { o.waits(g, what); });
  }
  void set_aside(const goroutine& g, const op& next,
                 std::span<const observation> iteration) override {
    tell([&](observer& o) { o.set_aside(g, next, iteration); });
  }
  void released(const goroutine& g) override {
    tell([&](observer& o) { o.released(g); });
  }
  void fires(std::uint32_t step, const alarm& which, bool moves_clock) override {
    tell([&](observer& o) { o.fires(step, which, moves_clock); });
  }
  void armed(const alarm& which) override {
    tell([&](observer& o) { o.armed(which); });
  }
  void disarmed(const alarm& which, bool is_due) override {
    tell([&](observer& o) { o.disarmed(which, is_due); });
  }
  void over() override {
    tell([](observer& o) { o.over(); });
  }
  void woken(const goroutine& g, const op& waited) override {
    tell([&](observer& o) { o.woken(g, waited); });
  }
  void left(const goroutine& g, const op& next) override {
    tell([&](observer& o) { o.left(g, next); });
  }

 private:
  template <class F>
  void tell(F&& what) {
    what(*first_);
    what(*second_);
  }

  observer* first_ = nullptr;
  observer* second_ = nullptr;
};

}  // namespace braid
