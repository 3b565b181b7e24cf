// select_n; see <braid/select_n.hpp>.
#include <braid/select_n.hpp>
#include <vector>

namespace braid {

int select_n(std::span<select_op> cases, where at) {
  constexpr std::size_t cases_max = 65'536;
  if (cases.size() > cases_max) {
    throw runtime_panic("select_n: too many cases (max 65536)", at);
  }
  std::vector<detail::select_arm> arms;
  std::vector<int> case_of;  // of each arm
  int default_case = -1;
  arms.reserve(cases.size());
  case_of.reserve(cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (!cases[i].case_->is_default()) {
      arms.push_back(cases[i].case_->arm());
      case_of.push_back(static_cast<int>(i));
      continue;
    }
    if (default_case != -1) throw runtime_panic("select_n: multiple default cases", at);
    default_case = static_cast<int>(i);
  }
  const int performed = detail::select(arms, default_case == -1, at);
  // In an abandoned program nothing is performed, even without a default case.
  if (performed < 0 && default_case == -1) return -1;
  const int chosen = performed < 0 ? default_case : case_of[static_cast<std::size_t>(performed)];
  const detail::select_arm none;
  cases[static_cast<std::size_t>(chosen)].case_->chosen(
      performed < 0 ? none : arms[static_cast<std::size_t>(performed)]);
  return chosen;
}

}  // namespace braid
