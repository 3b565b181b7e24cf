// How fast the checker executes programs: executions and events per second on one core, and that
// its memory does not grow with the number of executions.
#include <benchmark/benchmark.h>

#include <braid/scenario.hpp>
#include <fstream>
#include <optional>
#include <string>

#include "search/session.hpp"

namespace {

// Peak resident memory of this process, in MiB.
double peak_mebibytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes / 1024;
  }
  return 0;
}

void explore(benchmark::State& state, const char* name, const char* strategy) {
  const braid::program program = braid::find_program(name);
  braid::execution record;
  std::optional<braid::session> search;
  std::uint64_t executions = 0;
  std::uint64_t events = 0;
  for (auto _ : state) {
    if (!search || search->begin() != braid::search_state::more) {
      search.emplace(program, braid::strategy_options{.name = strategy}, braid::lockstep_options{},
                     record);
      search->begin();
    }
    search->execute();
    search->account();
    ++executions;
    events += record.facts().steps;
  }
  state.counters["executions/s"] =
      benchmark::Counter(static_cast<double>(executions), benchmark::Counter::kIsRate);
  state.counters["events/s"] =
      benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
  state.counters["peak_MiB"] = peak_mebibytes();
}

}  // namespace

// Twice, short and long: peak_MiB of the second must not exceed that of the first.
BENCHMARK_CAPTURE(explore, random_foo_vs_after_10k, "foo-vs-after", "random")->Iterations(10'000);
BENCHMARK_CAPTURE(explore, random_foo_vs_after, "foo-vs-after", "random")->Iterations(2'000'000);
BENCHMARK_CAPTURE(explore, random_wait_group, "wait-group", "random");
BENCHMARK_CAPTURE(explore, random_lock_order, "lock-order", "random");
BENCHMARK_CAPTURE(explore, random_concurrent_processing, "concurrent-processing", "random");
BENCHMARK_CAPTURE(explore, random_goroutine_leak, "goroutine-leak", "random");
BENCHMARK_CAPTURE(explore, random_many_goroutines_1000, "many-goroutines:1000", "random");
BENCHMARK_CAPTURE(explore, random_many_goroutines_100, "many-goroutines:100", "random");
BENCHMARK_CAPTURE(explore, urw_many_goroutines_100, "many-goroutines:100", "urw");
BENCHMARK_CAPTURE(explore, surw_many_goroutines_100, "many-goroutines:100", "surw");
BENCHMARK_CAPTURE(explore, pct_many_goroutines_100, "many-goroutines:100", "pct");
BENCHMARK_CAPTURE(explore, pos_many_goroutines_100, "many-goroutines:100", "pos");
BENCHMARK_CAPTURE(explore, dfs_concurrent_processing, "concurrent-processing", "dfs");

// A search that ends begins again.
BENCHMARK_CAPTURE(explore, dpor_fib_bench_6, "dpor/fib_bench:6", "dpor");
BENCHMARK_CAPTURE(explore, dpor_mutex_counter_5, "dpor/mutex_counter:5", "dpor");
BENCHMARK_CAPTURE(explore, dpor_readers_14, "dpor/readers:14", "dpor");
BENCHMARK_CAPTURE(explore, dpor_readers_16, "dpor/readers:16", "dpor")->Iterations(1 << 16);
BENCHMARK_CAPTURE(explore, dpor_readers_200, "dpor/readers:200", "dpor")->Iterations(1000);
BENCHMARK_CAPTURE(explore, dpor_many_goroutines_100, "many-goroutines:100", "dpor")
    ->Iterations(1000);
// Long ones, of which many are cut after 20,000 steps, or all.
BENCHMARK_CAPTURE(explore, dpor_safestack, "sct/safestack", "dpor")->Iterations(2000);
BENCHMARK_CAPTURE(explore, dpor_deadlock_beside_ticker, "deadlock-beside-ticker", "dpor")
    ->Iterations(3);
BENCHMARK_CAPTURE(explore, random_20_steps, "dpor/fib_bench:2", "random");
BENCHMARK_CAPTURE(explore, random_readers_14, "dpor/readers:14", "random");
BENCHMARK_CAPTURE(explore, random_mutex_5, "dpor/mutex_counter:5", "random");
