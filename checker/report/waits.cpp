// Who waits for whom; see waits.hpp.
#include "report/waits.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace braid {
namespace {

constexpr std::size_t goroutines_max = 20;

class wait_graph {
 public:
  explicit wait_graph(const history& told) : told_(told) {
    for (std::size_t g = 0; g < told.goroutines.size(); ++g) {
      const goroutine_history& one = told.goroutines[g];
      if (!one.finished && one.waiting_row >= 0) waiting_.push_back(static_cast<int>(g));
    }
  }

  const std::vector<int>& waiting() const { return waiting_; }
  const goroutine_history& at(int g) const { return told_.goroutines[static_cast<std::size_t>(g)]; }
  const happening& wait_of(int g) const {
    return told_.rows[static_cast<std::size_t>(at(g).waiting_row)];
  }

  // Whoever holds the lock that `g` waits for; -1: it waits for no lock, or nobody holds it.
  int awaited_by(int g) const {
    if (g < 0 || at(g).finished || at(g).waiting_row < 0 || wait_of(g).kind != "lock") return -1;
    return told_.holder_of(wait_of(g).object);
  }

  // The goroutines of a cycle in their order; none if there is no cycle.
  std::vector<int> cycle() const {
    for (const int start : waiting_) {
      std::vector<int> path;
      for (int g = start; g >= 0; g = awaited_by(g)) {
        const auto again = std::find(path.begin(), path.end(), g);
        if (again != path.end()) return {again, path.end()};
        path.push_back(g);
      }
    }
    return {};
  }

 private:
  const history& told_;
  std::vector<int> waiting_;
};

void write_cycle(page& to, const wait_graph& graph) {
  const std::vector<int> cycle = graph.cycle();
  if (cycle.empty()) return;
  const std::string arrow = " " + std::string(text_of(mark::line, to.look())) +
                            std::string(text_of(mark::line, to.look())) +
                            std::string(text_of(mark::before, to.look())) + " ";
  std::string text;
  for (const int g : cycle) {
    text += graph.at(g).name + arrow + printable(graph.wait_of(g).object, to.look()) + arrow;
  }
  text += graph.at(cycle.front()).name;
  to.to(2).put(mark::bad, ink::bad).put(" ").put_folded(text, ink::bad).end_line();
}

std::string locks_of(const goroutine_history& g, const style& look) {
  std::string text;
  for (std::size_t i = 0; i < g.holds.size(); ++i) {
    text += (i == 0 ? "holds " : ", ") + printable(g.holds[i], look);
    if (i < g.held_since.size()) text += " since step " + std::to_string(g.held_since[i]);
  }
  return text;
}

}  // namespace

std::vector<int> cycle_of_waits(const history& told) { return wait_graph(told).cycle(); }

void write_waits(page& to, const history& told, bool show_all) {
  const wait_graph graph(told);
  const style& look = to.look();
  write_cycle(to, graph);
  const std::size_t shown =
      show_all ? graph.waiting().size() : std::min(graph.waiting().size(), goroutines_max);
  std::size_t name_columns = 4;
  std::size_t wait_columns = 0;
  std::size_t place_columns = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    const int g = graph.waiting()[i];
    name_columns = std::max(name_columns, columns_of(graph.at(g).name));
    wait_columns = std::max(wait_columns, columns_of(printable(graph.wait_of(g).text, look)));
    place_columns = std::max(place_columns, columns_of(graph.wait_of(g).at));
  }
  wait_columns = std::min(wait_columns, look.width / 3);
  place_columns = std::min(place_columns, look.width / 3);
  const std::size_t wait_at = 4 + name_columns + 1;
  const std::size_t place_at = wait_at + wait_columns + 3;
  for (std::size_t i = 0; i < shown; ++i) {
    const int g = graph.waiting()[i];
    to.to(4).put(graph.at(g).name, ink::strong);
    to.to(wait_at).put(clip(printable(graph.wait_of(g).text, look), wait_columns, look));
    to.to(place_at).put(clip(graph.wait_of(g).at, place_columns, look), ink::faint);
    const std::string locks = locks_of(graph.at(g), look);
    if (!locks.empty()) to.to(place_at + place_columns + 3).put_folded(locks);
    to.end_line();
  }
  if (shown == graph.waiting().size()) return;
  to.to(4)
      .put(mark::ellipsis)
      .put(" and " + with_commas(graph.waiting().size() - shown) + " more (-v shows all)");
  to.end_line();
}

}  // namespace braid
