// Names that outlive edits of a program: who acts, on what, for which time.
//
//   main.2                    the second goroutine that main creates; main.2.1 its first
//   main/chan1                the first channel that main makes
//   main.1 send main/chan1 #3 the third time that main.1 sends there
//   timer main.1              the timer that wakes main.1 from its sleep; timer main/after1
//
// Numbers of steps and goroutines, as tokens have them, change with any edit that adds an event
// before. These change only where the edit is: in the goroutine itself, among the children of one
// parent, or among the objects of one kind that one goroutine makes. What after_func starts is
// counted apart (main.t1), in the order in which it was asked for: when it begins depends on the
// schedule.
//
// It hears an execution as its watcher, from the beginning.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "lockstep/observer.hpp"
#include "lockstep/situation.hpp"

namespace braid {

class stable_names final : public observer {
 public:
  // Who acts in the alternative of this rank: a goroutine, or a timer.
  std::string actor(const situation& now, std::uint32_t rank) const;
  // The operation that this alternative is: `main.1 send main/chan1 #3`, `timer main.1 #1`.
  std::string operation(const situation& now, std::uint32_t rank) const;
  // An object; empty if it is not known.
  std::string name_of_object(const void* address) const;
  // The operation of the present step.
  const std::string& present() const { return present_; }

  // True if everybody and everything that a text names has lived so far: all its words with a dot
  // or a slash.
  bool knows_all_in(const std::string& text) const;

  // From observer:
  void created(const goroutine& g) override;
  void made(const op& made) override;
  void does(std::uint32_t step, const goroutine& g, const op& what) override;
  void fires(std::uint32_t step, const alarm& which, bool moves_clock) override;
  void armed(const alarm& which) override;
  void disarmed(const alarm& which, bool is_due) override;
  void finished(const goroutine&) override {}
  void destroyed(const object&) override {}
  void decided(const decision&, const situation*) override {}
  void done(const goroutine&, const event&) override {}
  void refused(const goroutine&, std::string_view) override {}
  void waits(const goroutine&, const op&) override {}
  void set_aside(const goroutine&, const op&, std::span<const observation>) override {}
  void released(const goroutine&) override {}
  void woken(const goroutine&, const op&) override {}
  void left(const goroutine&, const op&) override {}
  void over() override {}

 private:
  std::string name_for(const goroutine& g);
  std::string undertaking(std::uint32_t number, const op& next) const;
  // `text #n`: it comes next for the n-th time.
  std::string counted_next(std::string text) const;
  std::string timer_name(const alarm& which) const;
  void name_object(const void* address, std::uint32_t maker, std::string_view kind);
  std::string next_of(const std::string& maker, std::string_view kind);

  std::vector<std::string> goroutines_;              // by number
  std::map<const void*, std::string> objects_;       // by address
  std::set<std::string> named_;                      // both, also those that live no more
  std::map<const goroutine*, std::string> planned_;  // what after_func is to start
  std::map<std::string, int> made_by_;               // maker and kind; also of children
  std::map<std::string, int> done_;                  // how often each operation was done
  std::vector<const alarm*> armed_;
  std::string present_;
};

}  // namespace braid
