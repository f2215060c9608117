// The log beside the store as a crash, a power cut or a bad sector leaves it: what was acknowledged is there, what was
// cut off is not there at all, and the store goes on.
#include <catch2/catch.hpp>
#include <fstream>
#include <ranges>
#include <set>

#include "base/files.hpp"
#include "node/store/database.hpp"
#include "node/store/fault_disk.hpp"
#include "node/store/fresh_folder.hpp"

using namespace ehds;
using namespace ehds::node::store;
using ehds::tests::fault_disk;
using ehds::tests::fresh_folder;

namespace {

using line_numbers = std::set<std::int64_t>;

database_options with_lines() {
  database_options options;
  options.migrations = {{"lines", 1, "CREATE TABLE lines_one (number INTEGER PRIMARY KEY, text TEXT)"}};
  return options;
}

bool add_line(database& db, int number, std::size_t size = 9'000) {  // several pages each
  return db
      .commit([&](transaction& tx) -> result<void> {
        tx.run("INSERT INTO lines_one VALUES (?, ?)", number, std::string(size, 'x'));
        return {};
      })
      .has_value();
}

line_numbers lines_in(database const& db) {
  line_numbers found;
  db.read([&](reading& now) {
    now.each("SELECT number FROM lines_one", [&](row const& one) { found.insert(one.integer(0)); });
  });
  return found;
}

// File and log of a store that acknowledged five lines, and what the log became by a sixth one.
struct five_and_one {
  std::string file;
  std::string log;
  std::string log_of_six;

  five_and_one() {
    fresh_folder const folder;
    auto db = database::open(folder / "s.sqlite", with_lines()).value();
    for (int number = 1; number <= 5; ++number) REQUIRE(add_line(db, number));
    log = read_file(folder / "s.sqlite-wal").value();
    REQUIRE(add_line(db, 6));
    log_of_six = read_file(folder / "s.sqlite-wal").value();
    file = read_file(folder / "s.sqlite").value();
    REQUIRE(log_of_six.starts_with(log));
    REQUIRE(log_of_six.size() > log.size() + 3 * 4096);
  }

  // What the next start finds; it is sound, and takes more.
  line_numbers found_with(std::optional<std::string> const& left) const {
    fresh_folder const folder;
    std::ofstream(folder / "s.sqlite", std::ios::binary) << file;
    if (left) std::ofstream(folder / "s.sqlite-wal", std::ios::binary) << *left;
    auto db = database::open(folder / "s.sqlite", with_lines());
    REQUIRE(db);
    auto const found = lines_in(*db);
    CHECK(db->read([](reading& now) { return now.first("PRAGMA integrity_check")->text(0); }) == "ok");
    CHECK(add_line(*db, 100));
    CHECK(lines_in(*db).size() == found.size() + 1);
    return found;
  }
};

line_numbers const five{1, 2, 3, 4, 5};
constexpr std::size_t sector = 512;

}  // namespace

TEST_CASE("a log that ends anywhere in an effect nobody was told of has all those before, and nothing of that one") {
  five_and_one const a;
  for (auto end = a.log.size(); end < a.log_of_six.size(); end += 1'021) {
    INFO(end);
    CHECK(a.found_with(a.log_of_six.substr(0, end)) == five);
  }
  CHECK(a.found_with(a.log_of_six.substr(0, a.log_of_six.size() - 1)) == five);
  CHECK(a.found_with(a.log_of_six).contains(6));
}

TEST_CASE("so has one whose last frames are torn, in any order, or followed by rubbish") {
  five_and_one const a;
  for (auto at = a.log.size(); at + sector <= a.log_of_six.size(); at += 3 * sector) {
    INFO(at);
    auto torn = a.log_of_six;  // all sectors but one reached the disk
    torn.replace(at, sector, std::string(sector, '\xa5'));
    CHECK(a.found_with(torn) == five);
  }
  auto turned = a.log_of_six;
  turned.back() ^= 1;
  CHECK(a.found_with(turned) == five);
  CHECK(a.found_with(a.log + std::string(10'000, '\xff')) == five);
  CHECK(a.found_with(a.log + std::string(100'000, '\0')) == five);
  CHECK(a.found_with(a.log + a.log) == five);
}

TEST_CASE("a bad sector in the midst of the log costs whole effects from there on, and leaves none half done") {
  five_and_one const a;
  for (std::size_t at = 0; at + sector <= a.log.size(); at += 5 * sector) {
    INFO(at);
    auto bad = a.log;
    bad[at + 100] ^= 16;
    auto const found = a.found_with(bad);
    CHECK(std::ranges::equal(found, five | std::views::take(found.size())));
  }
  for (auto const& none : {std::optional<std::string>(""), std::optional<std::string>()}) {
    auto const found = a.found_with(none);
    CHECK(std::ranges::includes(five, found));
  }
}

TEST_CASE("a power cut while the log is copied into the file loses nothing") {
  constexpr std::size_t longer_than_the_log = 17 * 1024 * 1024;
  auto const write_much = [](fresh_folder const& folder, fault_disk const& disk) {
    line_numbers acknowledged;
    auto options = with_lines();
    options.vfs = disk.name();
    auto db = database::open(folder / "s.sqlite", options);
    for (int number = 1; db && number <= 4; ++number)
      if (add_line(*db, number, number == 2 ? longer_than_the_log : 10)) acknowledged.insert(number);
    return acknowledged;
  };
  std::uint64_t operations = 0;
  {
    fresh_folder const folder;
    fault_disk disk;
    CHECK(write_much(folder, disk).size() == 4);
    operations = disk.operations();
    // It was copied.
    CHECK(std::filesystem::file_size(folder / "s.sqlite") > longer_than_the_log);
  }
  for (std::uint64_t part = 5; part < 20; part += 2) {
    fresh_folder const folder;
    fault_disk disk;
    disk.cut_power_at(operations * part / 20);
    auto const acknowledged = write_much(folder, disk);
    CHECK(disk.is_dark());
    disk.restore_power(part % 4 == 1 ? 0 : 100);
    auto options = with_lines();
    options.vfs = disk.name();
    auto db = database::open(folder / "s.sqlite", options);
    INFO("cut at " << part << "/20 of " << operations);
    REQUIRE(db);
    CHECK(std::ranges::includes(lines_in(*db), acknowledged));
    CHECK(lines_in(*db).size() <= acknowledged.size() + 1);
    CHECK(db->read([](reading& now) { return now.first("PRAGMA integrity_check")->text(0); }) == "ok");
  }
}
