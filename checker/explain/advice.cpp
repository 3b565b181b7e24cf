// What each verdict means; see advice.hpp.
#include "explain/advice.hpp"

#include <algorithm>
#include <array>

namespace braid {
namespace {

constexpr std::array<advice, verdict_count> texts = {{
    {verdict::ok, "The program ended by itself: main returned, and nothing was found wrong.",
     "There is nothing to mend. \"complete\" in the report means that no schedule was left out.",
     "If you expected a bug, look at what was explored: --timers free lets sleeps be too short, "
     "and --spurious-wakeups lets conds wake for nothing."},
    {verdict::exit, "The program ended by exit(n): an outcome like any other, and no finding.",
     "A goroutine called braid::exit().",
     "If it must not happen, --forbid @exit makes it a finding."},
    {verdict::panic,
     "An exception left a goroutine's function, which ends the program. The report names the "
     "goroutine, the place if the panic knows it, and the panics that it replaced.",
     "A send on a closed channel, a second close, a wait group below zero; or an exception of the "
     "program's own that nobody caught.",
     "Let one goroutine own a channel, send on it and close it. Count a wait group up before the "
     "goroutine starts that counts it down. Catch what can be handled inside the goroutine."},
    {verdict::fatal, "An error that no goroutine can recover from; the program ends at once.",
     "The unlock of a lock that is not locked; the use of an object after its destruction, or of "
     "one that was made outside of the program.",
     "Unlock where you lock, with std::lock_guard. Let objects live longer than the goroutines "
     "that use them: wait for these, or share the object. Make all objects inside the program."},
    {verdict::deadlock,
     "Goroutines wait for each other, and nobody can wake them: all of them, or, while others go "
     "on, those that wait for locks whose holders never give them back.",
     "Two locks that are taken in opposite order; a lock that is taken twice, kept by a goroutine "
     "that has finished, or held while waiting for somebody who needs it; a channel that nobody "
     "serves; a wait group that is not counted down on every path.",
     "Take locks in one order everywhere, or both at once with std::scoped_lock. Unlock before "
     "you wait for others. Let every path unlock, send and count down: lock guards and defer do."},
    {verdict::race,
     "Two goroutines access the same variable, one of them writes, and nothing orders the two. "
     "Channels and wait groups can be raced for too: send against close, add against wait.",
     "A variable without a lock, or with two different ones; a result that is read before its "
     "goroutine is waited for; an add() inside the goroutine that is counted.",
     "Guard each variable by one lock, make it atomic, or hand it over through a channel. Read "
     "results after wait() or recv(). Call add() before go()."},
    {verdict::leak,
     "A goroutine can never be woken, though the program went on or ended well: its stack and all "
     "that it holds are never given back.",
     "A sender whose receiver gave up (a timeout, an early return), a receiver on a channel that "
     "nobody closes, a lock that nobody gives back.",
     "Give the channel room for the result, so that the send needs no receiver; or select on a "
     "context that is cancelled when nobody listens any more. Close channels that are ranged "
     "over."},
    {verdict::livelock, "Goroutines loop for ever and read what nobody is left to change.",
     "A flag that is waited for before somebody is asked to set it; two who step back for each "
     "other; a retry that never can succeed.",
     "Wait in an operation that parks (a channel, a cond, atomic::await) and let whoever changes "
     "the value be started first."},
    {verdict::not_linearizable,
     "A history of calls on a shared object has no order, one call at a time, that explains all "
     "of its results.",
     "An operation that takes effect in several steps, between which others see it half done.",
     "Find the call whose result nobody can explain, and put its steps under one lock or into one "
     "atomic operation."},
    {verdict::mismatch,
     "An outcome that was forbidden occurred, one that was expected did not, or one was not on the "
     "list.",
     "The program does what --expect, --forbid, --allow or --against say that it must not.",
     "Replay the token to see how it comes to that outcome; then mend the program, or the list."},
    {verdict::nondeterministic,
     "The same schedule gave another execution: the program depends on something that braid does "
     "not control, so no token is reliable.",
     "A clock, a random number or an address of the machine; an unordered container whose order "
     "is looked at; a global that keeps its value from one execution to the next; real threads.",
     "Let braid check PROGRAM show the first step that differs. Use braid's now() and random(). "
     "Make all state inside the program, or run with --isolate. Order by values, not by "
     "addresses."},
    {verdict::crash,
     "The process died of a signal, or ended itself. The token leads there, and the report names "
     "the goroutine that ran, with the last operation that it had done before.",
     "A null or dangling pointer, often because a goroutine outlives what it refers to; a stack "
     "overflow; abort() or a failed assert.",
     "Stop before it: gdb --args braid replay PROGRAM TOKEN --break; or replay it in a build with "
     "a "
     "sanitizer. Give deep recursion a larger stack: go({.stack = ...}, f)."},
    {verdict::steps,
     "The execution was cut before its end: it reached --max-steps, looped where braid does not "
     "see what it depends on, or did nothing that braid sees. No finding, but nothing is complete.",
     "A program that goes on for ever, or a loop that polls.",
     "End it: bound the loop, or cancel it. Wait in an operation that parks. If it is merely long, "
     "raise --max-steps or --hang-after."},
}};

std::string in_title(std::string_view name) { return "## " + std::string(name) + "\n\n"; }

}  // namespace

std::span<const advice> all_advice() { return texts; }

const advice* advice_on(verdict what) {
  const auto found =
      std::find_if(texts.begin(), texts.end(), [what](const advice& a) { return a.what == what; });
  return found == texts.end() ? nullptr : &*found;
}

std::string advice_as_markdown() {
  std::string page =
      "# Verdicts\n\nWhat `braid help VERDICT` prints. A report names the verdicts of each "
      "outcome; "
      "the exit code is that of\nthe lowest finding.\n";
  for (const advice& a : texts) {
    page += "\n" + in_title(name_of(a.what));
    const int code = exit_code_of(a.what);
    page += code == 0 ? "No finding.\n\n" : "Exit code " + std::to_string(code) + ".\n\n";
    page += std::string(a.meaning) + "\n\n**Usual cause.** " + std::string(a.cause) +
            "\n\n**Usual fix.** " + std::string(a.fix) + "\n";
  }
  return page;
}

}  // namespace braid
