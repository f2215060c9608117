// Keys are written whole and durably, or not at all, whatever write(2) does.
#include "node/identity/private_file.hpp"

#include <catch2/catch.hpp>

#include "base/files.hpp"
#include "faulty_writes.hpp"
#include "node/store/fresh_folder.hpp"

using namespace ehds;
using namespace ehds::node::identity;
using ehds::tests::faulty_writes;
using ehds::tests::fresh_folder;

TEST_CASE("a private file is whole although its writes are interrupted and short") {
  fresh_folder const folder;
  std::string const key(5'000, 'k');
  {
    faulty_writes const faults;
    REQUIRE(write_private_file(folder / "a.key", key));
    CHECK(faulty_writes::count() > 10);
  }
  CHECK(read_file(folder / "a.key") == key);
}

TEST_CASE("a private file for which there is no room leaves the one before as it was, and no piece of its own") {
  fresh_folder const folder;
  REQUIRE(write_private_file(folder / "a.key", "the key of before"));
  result<void> done;
  {
    faulty_writes const faults(1'000);
    done = write_private_file(folder / "a.key", std::string(5'000, 'k'));
  }
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "identity.key");
  CHECK(done.error().detail.find("No space left") != std::string::npos);
  CHECK(read_file(folder / "a.key") == "the key of before");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}
