// After a failed fsync nobody knows what is on the disk: the node says so in one line and ends. This program runs
// itself as the victim.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "node/house/one_house.hpp"
#include "node/store/fault_disk.hpp"
#include "node/telemetry/unread_pipe.hpp"

using namespace ehds;
using namespace ehds::tests;

// Hidden: a node whose disk fails under it.
TEST_CASE("broken disk victim", "[.victim]") {
  char const* const told = std::getenv("EHDS_BROKEN_DISK");
  if (told == nullptr) return;
  fault_disk disk;
  one_house fr("FR", [&](auto& settings) { settings.store_vfs = disk.name(); });
  disk.fail_syncs(true);
  auto const done = fr.parts().db->commit([](node::store::transaction& tx) -> result<void> {
    tx.next_number("tests");
    return {};
  });
  std::_Exit(done ? 1 : 2);  // neither is reached
}

TEST_CASE("a node whose fsync fails acknowledges nothing, says why in one line and leaves with code 70") {
  fresh_folder const folder;
  auto const said = folder / "stderr";
  std::string const self = std::filesystem::read_symlink("/proc/self/exe");
  std::string const command =
      "EHDS_BROKEN_DISK=1 exec '" + self + "' 'broken disk victim' > /dev/null 2> '" + said.string() + "'";

  int const status = std::system(command.c_str());

  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 70);
  auto const text = text_of_file(said);
  CHECK(text.find("\"event\":\"store.broken\"") != std::string::npos);
  CHECK(text.ends_with("leaving so that the next start recovers it.\"}\n"));
}

TEST_CASE("a node whose fsync fails leaves with code 70 also where nobody reads its log") {
  std::string const self = std::filesystem::read_symlink("/proc/self/exe");
  unread_pipe pipe;
  pipe.fill();
  auto const child = ::fork();
  if (child == 0) {
    ::dup2(pipe.writer(), STDERR_FILENO);
    ::setenv("EHDS_BROKEN_DISK", "1", 1);
    ::execl(self.c_str(), self.c_str(), "broken disk victim", nullptr);
    ::_exit(127);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 70);
}
