// The goroutines that were spawned through one worker and have not finished, wherever they run.
//
// The pool keeps one list for each worker, so that spawns do not meet in one lock; a goroutine's
// `home` says whose list it is in. Linked through `next` and `previous`, hence run queues are
// arrays.
//
// Thread safety: every function takes the lock.
#pragma once

#include <braid/goroutine.hpp>
#include <braid/spin_lock.hpp>
#include <vector>

namespace braid {

class live_list {
 public:
  void add(goroutine& g) {
    const spin_guard held(lock_);
    g.previous = nullptr;
    g.next = first_;
    if (first_ != nullptr) first_->previous = &g;
    first_ = &g;
    ++size_;
  }
  void remove(goroutine& g) {
    const spin_guard held(lock_);
    (g.previous == nullptr ? first_ : g.previous->next) = g.next;
    if (g.next != nullptr) g.next->previous = g.previous;
    g.next = g.previous = nullptr;
    --size_;
  }
  template <class Pointer>
  void append_to(std::vector<Pointer>& all) {
    const spin_guard held(lock_);
    for (goroutine* g = first_; g != nullptr; g = g->next) all.push_back(g);
  }
  // Calls visit(goroutine) for each, none of which finishes meanwhile.
  template <class Visit>
  void for_each(Visit&& visit) {
    const spin_guard held(lock_);
    for (const goroutine* g = first_; g != nullptr; g = g->next) visit(*g);
  }
  std::size_t size() {
    const spin_guard held(lock_);
    return size_;
  }

 private:
  spin_lock lock_;
  // Protected by lock_:
  goroutine* first_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace braid
