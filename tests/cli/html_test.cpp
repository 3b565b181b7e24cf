// --html: a page that holds what --json --trace prints, and needs no other file.
//
// Oracle: the JSON of the same command. How the page behaves is tested in a browser, by
// scripts/test-html.
#include <unistd.h>

#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

constexpr const char* hostile_text =
    "</script><script>alert(1)</script><!-- <script> {{style}} \xff";

// A folder that is removed again, with all that is in it.
class temporary_folder {
 public:
  temporary_folder() { REQUIRE(mkdtemp(path_.data()) != nullptr); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::size_t files() const {
    const std::filesystem::directory_iterator all(path_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

 private:
  std::string path_ = "/tmp/braid-test-XXXXXX";
};

std::string content_of(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

// The JSON in the element of this id. Fails the test if it is none.
json data_in(const std::string& page, const std::string& id) {
  const std::string head = "<script type=\"application/json\" id=\"" + id + "\">";
  const std::size_t start = page.find(head);
  REQUIRE(start != std::string::npos);
  const std::size_t from = start + head.size();
  const std::string data = page.substr(from, page.find("</script>", from) - from);
  REQUIRE(json::accept(data));
  return json::parse(data);
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST_CASE("the page holds what --json --trace prints, of all programs", "[cli]") {
  const temporary_folder folder;
  const std::string path = folder.file("page.html");
  const child_result said = braid_says({"explore", "lock-order", "timeout", "--timers", "free",
                                        "--json", "--trace", "--html", path});
  CHECK(said.code == 11);
  CHECK(said.err.empty());
  CHECK(data_in(content_of(path), "data-reports") == json(json_lines(said)));
  CHECK(folder.files() == 1);
}

TEST_CASE("the page of a replay holds its one execution", "[cli]") {
  const temporary_folder folder;
  const std::string path = folder.file("page.html");
  const child_result said =
      braid_says({"replay", "lock-order", "5g2", "--json", "--trace", "--html", path});
  CHECK(said.code == 11);
  CHECK(data_in(content_of(path), "data-reports") == json(json_lines(said)));
}

TEST_CASE("the page has the steps of every finding, whatever else is printed", "[cli]") {
  const temporary_folder folder;
  const std::string path = folder.file("page.html");
  const child_result said = braid_says({"explore", "goroutine-leak", "-q", "--html", path});
  CHECK(said.code == 13);
  const json reports = data_in(content_of(path), "data-reports");
  REQUIRE(reports.size() == 1);
  REQUIRE(!reports[0]["findings"].empty());
  for (const json& f : reports[0]["findings"]) CHECK(!f["events"].empty());
}

TEST_CASE("the page holds the lines of the sources around its places", "[cli]") {
  const temporary_folder folder;
  const std::string path = folder.file("page.html");
  braid_says({"explore", "lock-order", "-q", "--html", path});
  const json sources = data_in(content_of(path), "data-sources");
  REQUIRE(sources.contains("lock_order.cpp"));
  CHECK(contains(sources["lock_order.cpp"].dump(), "second.lock();"));
}

TEST_CASE("the page knows which verdicts are findings", "[cli]") {
  const temporary_folder folder;
  const std::string path = folder.file("page.html");
  braid_says({"explore", "lock-order", "-q", "--html", path});
  const auto bad = data_in(content_of(path), "data-bad-verdicts").get<std::set<std::string>>();
  for (int i = 0; i < braid::verdict_count; ++i) {
    const auto v = static_cast<braid::verdict>(i);
    CAPTURE(std::string(braid::name_of(v)));
    CHECK(bad.count(std::string(braid::name_of(v))) == (braid::exit_code_of(v) != 0 ? 1 : 0));
  }
}

TEST_CASE("what a program prints cannot leave its place in the page", "[cli]") {
  const temporary_folder folder;
  const std::string path = folder.file("page.html");
  const child_result said =
      own_braid_says({"explore", "hostile", "--json", "--trace", "--html", path},
                     [] { add_program("hostile", [](int) { braid::print(hostile_text); }); });
  CHECK(said.code == 0);
  const std::string page = content_of(path);
  CHECK(!contains(page, "<script>alert(1)"));
  CHECK(count_of(page, "</script>") == 5);
  const json reports = data_in(page, "data-reports");
  CHECK(reports == json(json_lines(said)));
  CHECK(contains(reports[0]["outcomes"][0]["output"], "</script><script>alert(1)"));
}

TEST_CASE("the page loads nothing", "[cli]") {
  const temporary_folder folder;
  const std::string path = folder.file("page.html");
  braid_says({"explore", "lock-order", "-q", "--html", path});
  const std::string page = content_of(path);
  CHECK(contains(page, "default-src 'none'"));
  for (const char* loads : {"http://", "https://", " src=", "@import", "url("}) {
    CHECK(!contains(page, loads));
  }
}

TEST_CASE("a page that cannot be written ends in 128, as soon as that is known", "[cli]") {
  const temporary_folder folder;
  const std::string full = "/dev/full";
  for (const std::string& path : {folder.file("none/page.html"), folder.file("."), full}) {
    CAPTURE(path);
    for (const words& command : {words{"explore", "lock-order"}, {"replay", "lock-order", "5g2"}}) {
      words with_page = command;
      with_page.insert(with_page.end(), {"--html", path});
      const child_result said = braid_says(with_page);
      CHECK(said.code == 128);
      CHECK(said.out.empty() == (path != full));
      CHECK(lines_of(said.err).size() == 1);
      CHECK(contains(said.err, "cannot write '" + path + "': "));
    }
  }
  CHECK(folder.files() == 0);
}

TEST_CASE("a page takes the place of an older one", "[cli]") {
  const temporary_file page(std::string(1'000'000, 'x'));
  braid_says({"explore", "lock-order", "-q", "--html", page.path()});
  CHECK(content_of(page.path()).starts_with("<!doctype html>"));
  CHECK(content_of(page.path()).ends_with("</html>\n"));
}

TEST_CASE("a page on stdout is refused", "[cli]") {
  const child_result said = braid_says({"explore", "lock-order", "--html", "-"});
  CHECK(said.code == 129);
  CHECK(said.out.empty());
  CHECK(contains(said.err, "no page is written to stdout"));
}

}  // namespace
