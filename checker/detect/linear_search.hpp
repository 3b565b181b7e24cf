// The search for a linearization: one order of overlapping calls that a sequential model explains.
//
// Wing, Gong, Testing and Verifying Concurrent Objects (JPDC'93): take any call that was made
// before the first return of those that are left, apply it to the model, go back where nothing
// fits. Lowe, Testing for Linearizability (CCPE'17): remember which pairs of a set of calls and a
// state were seen, in a list from which calls are lifted and put back in constant time.
//
// What is added:
//  * the call that returns first is tried first: it is the one that cannot wait;
//  * a call that changes the state nowhere (a read, a pop that finds nothing) and has its result
//    here is taken at once, and no other choice is tried in its place: whatever follows would also
//    follow with it out of the way. (That it changes nothing here is not enough: a write of the
//    value that is there may be needed later.)
//  * calls that are known to come in one order, though they overlap, do so (must_precede).
// Deviation: of a set of calls and a state a hash of 128 bits is kept, not the two.
//
// A pending call may be taken or left; it is taken only if it changes the state.
#pragma once

#include <braid/testing/linearizability.hpp>
#include <cstdint>
#include <span>
#include <vector>

namespace braid {

class linear_search {
 public:
  static constexpr std::uint32_t none = 0xffffffff;
  enum class outcome : std::uint8_t { found, impossible, given_up };

  linear_search(std::span<const detail::timed_call> calls, detail::numbered_model& model);

  // The calls that take part; forgets what must precede what.
  void choose(std::span<const std::uint32_t> members);
  void must_precede(std::uint32_t first, std::uint32_t then);
  outcome run(std::uint64_t states_max);

  // A linearization or, if there is none, the longest prefix: the calls in it explain all that
  // returned before call stuck() did.
  const std::vector<std::uint32_t>& order() const { return order_; }
  std::uint32_t stuck() const { return stuck_; }
  // Over all runs.
  std::uint64_t states() const { return states_; }
  // Places of a call and its return among all events; those of equivalent histories are the same,
  // but for the order of events of one kind with none of the other between them.
  std::uint32_t called(std::uint32_t call) const { return places_[call].called; }
  std::uint32_t returned(std::uint32_t call) const { return places_[call].returned; }  // or none
  bool overlap(std::uint32_t a, std::uint32_t b) const {
    return called(a) < returned(b) && called(b) < returned(a);
  }

 private:
  struct call_places {
    std::uint32_t called = none;
    std::uint32_t returned = none;
  };
  struct entry {  // of the list: a call or a return
    std::uint32_t call = none;
    bool is_return = false;
    std::uint32_t next = 0;
    std::uint32_t previous = 0;
  };
  struct frame {
    std::uint32_t call;
    std::uint32_t state_before;
    bool is_forced;
  };
  struct seen_key {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    friend bool operator==(const seen_key&, const seen_key&) = default;
  };

  bool take_what_observes();
  std::uint32_t urgent() const;
  std::uint32_t candidate_after(std::uint32_t last) const;
  bool go_on_with(std::uint32_t call);
  std::uint32_t go_back();
  void take(std::uint32_t call, std::uint32_t state, bool is_forced);
  frame put_back();
  void unlink(std::uint32_t entry);
  void relink(std::uint32_t entry);
  void turn(std::uint32_t call, int by);
  void note_dead_end();
  bool is_new();
  void grow();

  const std::span<const detail::timed_call> calls_;
  detail::numbered_model& model_;
  std::vector<call_places> places_;

  // Of the calls that take part; entry 0 is before and after all others:
  std::vector<entry> list_;
  std::vector<call_places> entries_;   // of each call
  std::vector<std::uint32_t> awaits_;  // of each call: how many must come before it and have not
  struct precedence {
    std::uint32_t first;
    std::uint32_t then;
  };
  std::vector<precedence> precedences_;
  std::vector<std::vector<std::uint32_t>> followers_;  // of each call
  std::size_t completed_ = 0;

  // Of a run:
  std::vector<frame> frames_;
  std::uint32_t state_ = 0;
  std::size_t left_ = 0;
  seen_key set_;
  std::vector<seen_key> seen_;  // open addressing; all zero: empty
  std::size_t seen_count_ = 0;
  bool is_small_ = false;  // not worth remembering
  std::uint32_t dead_end_ = 0;
  std::uint32_t stuck_ = none;
  std::vector<std::uint32_t> order_;
  std::uint64_t states_ = 0;
};

}  // namespace braid
