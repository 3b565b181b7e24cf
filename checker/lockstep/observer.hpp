// Hears every event of an execution, in order: to explain it, or for a strategy that wants the
// trace. Other searches record decisions and nothing else.
#pragma once

#include <braid/scheduler.hpp>
#include <cstdint>
#include <span>
#include <string_view>

#include "lockstep/objects.hpp"
#include "lockstep/repetitions.hpp"
#include "lockstep/situation.hpp"
#include "trace/execution.hpp"

namespace braid {

class observer {
 public:
  virtual ~observer() = default;

  virtual void created(const goroutine& g) = 0;
  virtual void finished(const goroutine& g) = 0;
  // An object was made; `made.text` is its kind.
  virtual void made(const op& made) = 0;
  // The program calls an object so.
  virtual void named(const void*, std::string_view) {}
  // An object of the program's was destroyed.
  virtual void destroyed(const object& o) = 0;
  // The decision about the step that comes next, `among` what can; or about an arm or value of the
  // present one, in the running goroutine, where `among` is null.
  virtual void decided(const decision& d, const situation* among) = 0;
  // Step `step`: `g` does its pending operation.
  virtual void does(std::uint32_t step, const goroutine& g, const op& what) = 0;
  // The operation of `g` took effect: at once, or when a partner completed it.
  virtual void done(const goroutine& g, const event& what) = 0;
  // The operation of `g`, which it does in this step, is refused: the program ends.
  virtual void refused(const goroutine& g, std::string_view why) = 0;
  // `g` waits in `what`: parked, or because its guard does not hold.
  virtual void waits(const goroutine& g, const op& what) = 0;
  // `g`, which has just read all this, would do so for ever: it is set aside before `next`.
  virtual void set_aside(const goroutine& g, const op& next,
                         std::span<const observation> iteration) = 0;
  // `g` was set aside, and can go on because of the event of the moment.
  virtual void released(const goroutine& g) = 0;
  // Step `step`: a timer fires. `moves_clock`: its deadline had not come before.
  virtual void fires(std::uint32_t step, const alarm& which, bool moves_clock) = 0;
  // The event of the moment armed it, or called it off. `is_due`: it could have fired instead, as
  // far as the clock matters.
  virtual void armed(const alarm& which) = 0;
  virtual void disarmed(const alarm& which, bool is_due) = 0;
  // `g`, which parked in `waited`, is woken by the event of the moment.
  virtual void woken(const goroutine& g, const op& waited) = 0;
  // The execution is over, and `g` has not done `next`.
  virtual void left(const goroutine& g, const op& next) = 0;
  // All that is left was told.
  virtual void over() = 0;
};

}  // namespace braid
