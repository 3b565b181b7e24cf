// The small programs on braid; see programs.hpp.
#include "programs.hpp"

#include <braid/braid.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

namespace braid::testing {
namespace {

const std::map<std::string, act> acts = {
    {"print", act::print},
    {"start", act::start},
    {"send", act::send},
    {"recv", act::recv},
    {"close", act::close},
    {"try_send", act::try_send},
    {"try_recv", act::try_recv},
    {"size", act::size},
    {"select", act::select},
    {"lock", act::lock},
    {"unlock", act::unlock},
    {"locked", act::locked},
    {"wlocked", act::wlocked},
    {"rlocked", act::rlocked},
    {"once", act::once},
    {"add", act::add},
    {"done", act::done},
    {"wait", act::wait},
    {"signal", act::signal},
    {"broadcast", act::broadcast},
    {"set", act::set},
    {"cond_wait", act::cond_wait},
    {"await_set", act::await_set},
};

// ["select", [["recv", 0], ["send", 1]], true], ["locked", ["send", 0]], ["send", 0], ["print"]
instruction instruction_from(const nlohmann::json& text, const std::string& label, int value) {
  instruction made{.what = acts.at(text.at(0).get<std::string>()), .label = label, .value = value};
  if (made.what == act::select) {
    for (const auto& one : text.at(1)) {
      made.cases.push_back({.sends = one.at(0) == "send", .on = one.at(1)});
    }
    made.has_default = text.at(2);
  } else if (text.size() > 1 && text[1].is_array()) {
    made.inner.push_back(instruction_from(text[1], label, value));
  } else if (text.size() > 1) {
    made.on = text[1];
  }
  return made;
}

// What the goroutines of one execution share.
struct shared_by_all {
  explicit shared_by_all(const small_go_program& p) : program(p) {
    for (const int capacity : p.capacities) {
      channels.push_back(capacity < 0 ? nullptr : make_chan<int>(capacity));
    }
  }

  const small_go_program& program;
  std::vector<chan<int>> channels = {};
  mutex guard;
  cond changed;
  var<bool> is_set = false;  // written with the guard held
  shared_mutex book;
  once only;
  wait_group group;
  wait_group others;
};

class performer {
 public:
  explicit performer(shared_by_all& shared) : shared_(shared) {}

  void run(const std::vector<instruction>& all) {
    for (const instruction& one : all) perform(one);
  }

 private:
  void perform(const instruction& i) {
    switch (i.what) {
      case act::print:
        return println(i.label);
      case act::start:
        return start(i.on);
      case act::send:
      case act::recv:
      case act::close:
      case act::try_send:
      case act::try_recv:
      case act::size:
        return use(shared_.channels[i.on], i);
      case act::select:
        return choose_case(i);
      case act::add:
        return shared_.group.add(1);
      case act::done:
        return shared_.group.done();
      case act::wait:
        shared_.group.wait();
        return println(i.label, "waited");
      default:
        return perform_with_lock(i);
    }
  }

  void start(std::size_t number) {
    go([shared = &shared_, number] {
      performer(*shared).run(shared->program.goroutines[number]);
      shared->others.done();
    });
  }

  void use(const chan<int>& c, const instruction& i) {
    int value = 0;
    bool more = false;
    switch (i.what) {
      case act::send:
        return c.send(i.value);
      case act::recv:
        more = c.recv(value);
        return println(i.label, value, more);
      case act::close:
        return c.close();
      case act::try_send:
        return println(i.label, c.try_send(i.value) ? "sent" : "full");
      case act::try_recv:
        if (!c.try_recv(value, &more)) return println(i.label, "empty");
        return println(i.label, value, more);
      default:
        return println(i.label, static_cast<int>(c.size()));
    }
  }

  void choose_case(const instruction& i) {
    int value = 0;
    bool more = false;
    std::vector<select_op> cases;
    for (const select_case& one : i.cases) {
      const chan<int>& c = shared_.channels[one.on];
      if (one.sends) {
        cases.push_back(send(c, i.value));
      } else {
        cases.push_back(recv(c, value, more));
      }
    }
    if (i.has_default) cases.push_back(otherwise);
    const auto chosen = static_cast<std::size_t>(select_n(cases));
    if (chosen == i.cases.size()) return println(i.label, "default");
    if (i.cases[chosen].sends) return println(i.label, "case", chosen);
    println(i.label, "case", chosen, value, more);
  }

  // A panic leaves locks locked, as in Go without a defer: so no lock classes here.
  void perform_with_lock(const instruction& i) {
    switch (i.what) {
      case act::lock:
        return shared_.guard.lock();
      case act::unlock:
        return shared_.guard.unlock();
      case act::locked:
        shared_.guard.lock();
        run(i.inner);
        return shared_.guard.unlock();
      case act::wlocked:
        shared_.book.lock();
        run(i.inner);
        return shared_.book.unlock();
      case act::rlocked:
        shared_.book.lock_shared();
        run(i.inner);
        return shared_.book.unlock_shared();
      case act::once:
        return shared_.only.call([&] { run(i.inner); });
      default:
        return perform_with_condition(i);
    }
  }

  void perform_with_condition(const instruction& i) {
    if (i.what == act::signal) return shared_.changed.notify_one();
    if (i.what == act::broadcast) return shared_.changed.notify_all();
    shared_.guard.lock();
    if (i.what == act::set) {
      shared_.is_set.write(true);
      shared_.changed.notify_all();
    } else if (i.what == act::cond_wait) {
      shared_.changed.wait(shared_.guard);
      println(i.label, "woken");
    } else {
      shared_.changed.wait(shared_.guard, [&] { return shared_.is_set.read(); });
      println(i.label, "set");
    }
    shared_.guard.unlock();
  }

  shared_by_all& shared_;
};

}  // namespace

small_go_program program_from(const nlohmann::json& text) {
  small_go_program made{
      .capacities = text.at("capacities"), .group = text.at("group"), .waits = text.at("waits")};
  for (const auto& list : text.at("goroutines")) {
    const std::size_t who = made.goroutines.size();
    std::vector<instruction>& instructions = made.goroutines.emplace_back();
    for (const auto& one : list) {
      const std::size_t number = instructions.size();
      instructions.push_back(instruction_from(one,
                                              std::to_string(who) + '.' + std::to_string(number),
                                              static_cast<int>(10 * (who + 1) + number)));
    }
  }
  return made;
}

void perform(const small_go_program& program) {
  // It lives until the next execution begins: a goroutine that a fatal error has ended is not
  // unwound, and would keep its share for ever.
  static std::unique_ptr<shared_by_all> kept;
  kept = std::make_unique<shared_by_all>(program);
  kept->group.add(program.group);
  kept->others.add(static_cast<int>(program.goroutines.size()) - 1);
  performer(*kept).run(program.goroutines[0]);
  if (program.waits) kept->others.wait();
}

}  // namespace braid::testing
