// A process that is really killed: this program runs itself as the victim.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "base/numbers.hpp"
#include "node/store/database.hpp"
#include "node/store/fail_point.hpp"
#include "node/store/fresh_folder.hpp"

#ifdef EHDS_FAIL_POINTS

using namespace ehds;
using namespace ehds::node::store;
using ehds::tests::fresh_folder;

namespace {

std::vector<migration> lines() { return {{"lines", 1, "CREATE TABLE lines_one (n INTEGER PRIMARY KEY)"}}; }

// Runs the victim; returns the signal that ended it, 0 when none did.
int run_victim(std::filesystem::path const& folder, std::string const& point) {
  std::string const self = std::filesystem::read_symlink("/proc/self/exe");
  std::string const command = "EHDS_VICTIM='" + folder.string() + "' EHDS_FAIL_POINT='" + point + "' exec '" + self +
                              "' '[victim]' > /dev/null 2>&1";
  int const status = std::system(command.c_str());
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

std::int64_t acknowledged(std::filesystem::path const& folder) {
  std::ifstream in(folder / "acknowledged");
  std::int64_t last = 0;
  for (std::string line; std::getline(in, line);) last = parse_number<std::int64_t>(line).value_or(last);
  return last;
}

}  // namespace

// Hidden: adds ten lines and writes down each that was acknowledged.
TEST_CASE("victim", "[.victim]") {
  char const* const folder = std::getenv("EHDS_VICTIM");
  if (folder == nullptr) return;
  auto db = database::open(std::filesystem::path(folder) / "s.sqlite", {.migrations = lines()}).value();
  std::ofstream answers(std::filesystem::path(folder) / "acknowledged");
  for (int n = 1; n <= 10; ++n) {
    auto const done = db.commit([&](transaction& tx) -> result<void> {
      tx.run("INSERT INTO lines_one VALUES (?)", n);
      return {};
    });
    if (done) answers << n << std::endl;
  }
}

TEST_CASE("after kill -9 at a commit point the store opens with all that was acknowledged") {
  auto const& [point, found] = GENERATE(table<char const*, int>({{"store.before_commit", 0},
                                                                 {"store.before_commit:4", 3},
                                                                 {"store.after_commit:4", 4},
                                                                 {"store.after_commit:10", 10}}));
  fresh_folder const folder;

  CHECK(run_victim(folder.path(), point) == SIGKILL);

  auto const db = database::open(folder / "s.sqlite", {.migrations = lines()}).value();
  auto const rows = db.read([](reading& now) { return now.first("SELECT count(*) FROM lines_one")->integer(0); });
  CHECK(rows == found);
  CHECK(acknowledged(folder.path()) <= rows);
  CHECK(acknowledged(folder.path()) >= rows - 1);
}

TEST_CASE("a process that passes no named point is not killed") {
  fresh_folder const folder;

  CHECK(run_victim(folder.path(), "nowhere") == 0);
  CHECK(acknowledged(folder.path()) == 10);
}

#endif
