// --shard, the variables that stand for it, and braid merge.
#include <unistd.h>

#include <catch2/catch.hpp>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

json shard_in(const variables& environment, const words& more = {}) {
  words command = {"explore", "foo-vs-after", "--json"};
  command.insert(command.end(), more.begin(), more.end());
  return only_json(braid_says(command, environment)).value("shard", json());
}

struct convention {
  variables environment;
  int index;
  int count;
  std::string source;
};

const std::vector<convention> conventions = {
    {{{"BRAID_SHARD", "1/3"}}, 1, 3, "BRAID_SHARD"},
    {{{"TEST_SHARD_INDEX", "2"}, {"TEST_TOTAL_SHARDS", "5"}},
     2,
     5,
     "TEST_SHARD_INDEX and TEST_TOTAL_SHARDS"},
    {{{"SLURM_ARRAY_TASK_ID", "12"},
      {"SLURM_ARRAY_TASK_MIN", "10"},
      {"SLURM_ARRAY_TASK_COUNT", "4"},
      {"SLURM_PROCID", "0"},
      {"SLURM_NTASKS", "1"}},
     2,
     4,
     "SLURM_ARRAY_TASK_ID, SLURM_ARRAY_TASK_MIN and SLURM_ARRAY_TASK_COUNT"},
    {{{"SLURM_PROCID", "3"}, {"SLURM_NTASKS", "4"}}, 3, 4, "SLURM_PROCID and SLURM_NTASKS"},
    {{{"JOB_COMPLETION_INDEX", "0"}, {"BRAID_SHARDS", "2"}},
     0,
     2,
     "JOB_COMPLETION_INDEX and BRAID_SHARDS"},
    {{{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}},
     1,
     2,
     "OMPI_COMM_WORLD_RANK and OMPI_COMM_WORLD_SIZE"},
};

TEST_CASE("variables of job schedulers name the shard, and the source is printed", "[cli]") {
  for (const convention& c : conventions) {
    INFO(c.source);
    const json shard = shard_in(c.environment);
    REQUIRE(shard.is_object());
    CHECK(shard["index"] == c.index);
    CHECK(shard["count"] == c.count);
    const child_result said = braid_says({"explore", "foo-vs-after"}, c.environment);
    const std::string part = std::to_string(c.index) + "/" + std::to_string(c.count);
    CHECK(said.err == "braid: shard " + part + ", by " + c.source + "\n");
    CHECK(contains(said.out, ", shard " + part));
    const json by_flag = shard_in(c.environment, {"--shard", "6/7"});
    CHECK(by_flag["index"] == 6);
  }
}

TEST_CASE("the first convention that is there counts, and one of one is no shard", "[cli]") {
  variables all;
  for (const convention& c : conventions) all.insert(c.environment.begin(), c.environment.end());
  CHECK(shard_in(all)["count"] == 3);
  all.erase("BRAID_SHARD");
  CHECK(shard_in(all)["count"] == 5);
  CHECK(shard_in({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "1"}}).is_null());
  CHECK(shard_in({{"JOB_COMPLETION_INDEX", "1"}}).is_null());
  CHECK(shard_in({{"TEST_SHARD_INDEX", "1"}}).is_null());
  CHECK(shard_in({{"BRAID_SHARD", "0/1"}})["count"] == 1);
}

TEST_CASE("Bazel's status file is touched", "[cli]") {
  const temporary_file status("");
  unlink(status.path().c_str());
  const variables bazel = {{"TEST_SHARD_INDEX", "1"},
                           {"TEST_TOTAL_SHARDS", "2"},
                           {"TEST_SHARD_STATUS_FILE", status.path()}};
  CHECK(shard_in(bazel)["index"] == 1);
  CHECK(access(status.path().c_str(), F_OK) == 0);
}

TEST_CASE("a shard that cannot be is 129", "[cli]") {
  for (const std::string part :
       {"9/8", "8/8", "x/y", "1", "1/", "/2", "-1/2", "1/0", "1/2/3", "0/100001", " 1/2", ""}) {
    INFO(part);
    const child_result said = braid_says({"explore", "foo-vs-after", "--shard", part});
    CHECK(said.code == 129);
    CHECK(said.out.empty());
    CHECK(contains(said.err, "such as 0/8"));
  }
  const variables wrong = {{"TEST_SHARD_INDEX", "2"}, {"TEST_TOTAL_SHARDS", "2"}};
  const child_result said = braid_says({"explore", "foo-vs-after"}, wrong);
  CHECK(said.code == 129);
  CHECK(said.err ==
        "braid: the variables TEST_SHARD_INDEX=2 TEST_TOTAL_SHARDS=2 name no shard; "
        "--shard I/N does\n");
  CHECK(braid_says({"explore", "foo-vs-after"}, {{"BRAID_SHARD", "2/2"}}).code == 129);
}

std::string result_of(const words& arguments) { return braid_says(arguments).out; }

TEST_CASE("merge prints the sum of shards, and exits as explore does", "[cli]") {
  const temporary_file one(
      result_of({"explore", "lock-order", "timeout", "--json", "--shard", "0/2"}));
  const temporary_file two(
      result_of({"explore", "lock-order", "timeout", "--json", "--shard", "1/2"}));
  const child_result sum = braid_says({"merge", one.path(), two.path(), "--json"});
  CHECK(sum.code == 11);
  std::vector<json> sums = json_lines(sum);
  std::vector<json> wholes =
      json_lines(braid_says({"explore", "lock-order", "timeout", "--json", "--no-shrink"}));
  REQUIRE(sums.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(sums[i]["complete"] == true);
    sums[i].erase("seconds");
    wholes[i].erase("seconds");
    CHECK(sums[i] == wholes[i]);
  }
  const child_result table = braid_says({"merge", two.path(), one.path()});
  CHECK(contains(table.out, "lock-order    dpor, timers ordered, 2 shards"));
  CHECK(contains(table.out, "deadlock"));
  CHECK(contains(table.out, "complete  3 classes, 2 outcomes   3 runs"));
  const child_result part = braid_says({"merge", two.path(), "--require-complete"});
  CHECK(contains(part.out, "not complete: shard 0 is missing, of shards 0 to 1"));
  CHECK(part.code == 3);
}

TEST_CASE("results that do not add up are 128 with one line", "[cli]") {
  const temporary_file one(result_of({"explore", "foo-vs-after", "--json", "--shard", "0/2"}));
  const temporary_file other(result_of({"explore", "timeout", "--json", "--shard", "1/2"}));
  const temporary_file whole(result_of({"explore", "foo-vs-after", "--json"}));
  const temporary_file garbage("no result\n");
  const temporary_file empty("");
  const auto refused = [&](const words& files) {
    words command = {"merge"};
    command.insert(command.end(), files.begin(), files.end());
    const child_result said = braid_says(command);
    CHECK(said.out.empty());
    CHECK(lines_of(said.err).size() == 1);
    return said.code;
  };
  CHECK(refused({one.path(), one.path()}) == 128);
  CHECK(refused({one.path(), other.path()}) == 128);
  CHECK(refused({whole.path()}) == 128);
  CHECK(refused({garbage.path()}) == 128);
  CHECK(refused({empty.path()}) == 128);
  CHECK(refused({"/no/such/file"}) == 128);
  CHECK(refused({}) == 129);
}

TEST_CASE("numbers that cannot be are 128, with the file and the field", "[cli]") {
  const temporary_file one(result_of({"explore", "lock-order", "--json", "--shard", "0/2"}));
  const json whole = json::parse(result_of({"explore", "lock-order", "--json", "--shard", "1/2"}));
  const json first = json::parse(content_of(one.path()));
  const auto refused = [&](const std::string& pointer, const json& value, std::string named = "") {
    json edited = first;
    edited[json::json_pointer(pointer)] = value;
    const temporary_file bad(edited.dump());
    const temporary_file other(whole.dump());
    const child_result said = braid_says({"merge", bad.path(), other.path()});
    CAPTURE(pointer, value, said.err);
    CHECK(said.code == 128);
    CHECK(said.out.empty());
    CHECK(lines_of(said.err).size() == 1);
    CHECK(contains(said.err, "'" + bad.path() + "'"));
    CHECK(contains(said.err, named.empty() ? pointer.substr(1) : named));
  };
  const json two_to_70 = 1180591620717411303424.0;
  for (const json& value : {json(-1), json(1.5), two_to_70, json("3"), json(nullptr)}) {
    for (const char* field : {"executions", "blocked", "steps", "seed"}) {
      refused("/" + std::string(field), value);
    }
    refused("/outcomes/0/count", value, "outcomes[0].count is ");
    refused("/outcomes/1/deviations", value, "outcomes[1].deviations is ");
    refused("/findings/0/preemptions", value, "findings[0].preemptions is ");
    refused("/shard/index", value, "index is ");
  }
  refused("/classes", -1);
  refused("/estimate", -1);
  refused("/seconds", -0.5);
  refused("/outcomes", nullptr, "outcomes is null, which is no list");
  refused("/findings", {{"a", 1}}, "findings is ");
  refused("/outcomes/0/token", "nonsense", "outcomes[0].token is \"nonsense\"");
  refused("/findings/0/token", 7, "findings[0].token is 7");
  refused("/outcomes/0/count", 1000, "the counts of its outcomes add up to 10");
  refused("/executions", 1000, "and executions is 1000");
  refused("/outcomes/0/sampled", 1000, "1000 cannot be sampled");
}

TEST_CASE("--require-complete asks of a shard that its part is complete", "[cli]") {
  const words shard = {"explore", "foo-vs-after", "--require-complete", "-q", "--shard", "1/2"};
  CHECK(braid_says(shard).code == 0);
  words short_of = shard;
  short_of.insert(short_of.end(), {"-n", "1"});
  CHECK(braid_says(short_of).code == 3);
}

}  // namespace
