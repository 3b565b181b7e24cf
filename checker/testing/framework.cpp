// Which test framework runs; see <braid/testing/framework.hpp>.
#include <braid/testing/framework.hpp>

#include <utility>

namespace braid {
namespace {

test_framework* installed_framework = nullptr;

}  // namespace

test_framework* use_test_framework(test_framework* installed) {
  return std::exchange(installed_framework, installed);
}

test_framework* current_test_framework() { return installed_framework; }

}  // namespace braid
