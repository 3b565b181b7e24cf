// Names that outlive edits of a program; see stable_names.hpp.
#include "trace/stable_names.hpp"

#include <algorithm>
#include <sstream>

#include "trace/describe.hpp"
#include "trace/tracer.hpp"

namespace braid {

std::string stable_names::actor(const situation& now, std::uint32_t rank) const {
  const alternative a = now.at(rank);
  if (a.kind == decision_kind::goroutine) return goroutines_.at(a.index);
  const process_id wanted = now.process_at(rank);
  const auto is_it = [&](const alarm* t) {
    const process_id process = t->sleeper != nullptr ? timer_of_sleeper(*t->sleeper)
                                                     : timer_of_object(now.object_id(t->object));
    return process == wanted;
  };
  const auto found = std::find_if(armed_.begin(), armed_.end(), is_it);
  return found == armed_.end() ? "timer" : timer_name(**found);
}

std::string stable_names::operation(const situation& now, std::uint32_t rank) const {
  const op* const next = now.pending_at(rank);
  if (next == nullptr) return counted_next(actor(now, rank));
  return counted_next(undertaking(now.at(rank).index, *next));
}

std::string stable_names::name_of_object(const void* address) const {
  const auto known = objects_.find(address);
  return address == nullptr || known == objects_.end() ? "" : known->second;
}

std::string stable_names::undertaking(std::uint32_t number, const op& next) const {
  const std::string on = name_of_object(next.object);
  return goroutines_.at(number) + " " + std::string(name_of(next.kind)) +
         (on.empty() ? "" : " " + on);
}

std::string stable_names::counted_next(std::string text) const {
  const auto before = done_.find(text);
  const int nth = before == done_.end() ? 1 : before->second + 1;
  return std::move(text) + " #" + std::to_string(nth);
}

std::string stable_names::timer_name(const alarm& which) const {
  if (which.sleeper != nullptr) return "timer " + goroutines_.at(which.sleeper->number);
  const std::string of = name_of_object(which.object);
  return of.empty() ? "timer" : "timer " + of;
}

std::string stable_names::next_of(const std::string& maker, std::string_view kind) {
  const std::string key = maker + "/" + std::string(kind);
  return key + std::to_string(++made_by_[key]);
}

void stable_names::name_object(const void* address, std::uint32_t maker, std::string_view kind) {
  named_.insert(objects_[address] = next_of(goroutines_.at(maker), kind));
}

bool stable_names::knows_all_in(const std::string& text) const {
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const bool is_name = word.starts_with("main.") || word.find('/') != std::string::npos;
    if (is_name && named_.count(word) == 0) return false;
  }
  return true;
}

void stable_names::created(const goroutine& g) {
  goroutines_.push_back(name_for(g));
  named_.insert(goroutines_.back());
}

std::string stable_names::name_for(const goroutine& g) {
  if (const auto planned = planned_.find(&g); planned != planned_.end()) {
    std::string name = std::move(planned->second);
    planned_.erase(planned);
    return name;
  }
  if (g.created_by() == 0) return "main";
  const std::string& parent = goroutines_.at(g.created_by() - 1);  // ids count from 1
  return parent + "." + std::to_string(++made_by_[parent + "."]);
}

void stable_names::made(const op& made) {
  const goroutine& maker = goroutine::current();
  if (maker.is_thread() || made.text == "timer") return;  // a timer is named when it is started
  name_object(made.object, maker.number, made.text);
}

void stable_names::does(std::uint32_t, const goroutine& g, const op& what) {
  if ((what.kind == op_kind::after || what.kind == op_kind::start) && !what.text.empty()) {
    name_object(what.object, g.number, what.text);
  }
  const std::string text = undertaking(g.number, what);
  present_ = counted_next(text);
  ++done_[text];
}

void stable_names::fires(std::uint32_t, const alarm& which, bool) {
  const std::string text = timer_name(which);
  present_ = counted_next(text);
  ++done_[text];
  std::erase(armed_, &which);
}

void stable_names::armed(const alarm& which) {
  armed_.push_back(&which);
  const goroutine& maker = goroutine::current();
  if (which.starts == nullptr || maker.is_thread() || planned_.count(which.starts) != 0) return;
  const std::string prefix = goroutines_.at(maker.number) + ".t";
  planned_[which.starts] = prefix + std::to_string(++made_by_[prefix]);
}

void stable_names::disarmed(const alarm& which, bool) { std::erase(armed_, &which); }

}  // namespace braid
