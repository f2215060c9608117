#include "node/demo/folder_lock.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "node/demo/network.hpp"
#include "node/demo/process.hpp"
#include "node/demo/telling.hpp"

using namespace ehds::node::demo;

namespace {

struct some_folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("ehds-demo-lock-" + std::to_string(getpid()));
  ~some_folder() { std::filesystem::remove_all(path); }
};

std::string refusal_of(std::filesystem::path const& folder) {
  try {
    folder_lock const lock(folder);
  } catch (story_error const& refused) {
    return refused.what();
  }
  return "";
}

void wait_for(process& one) {
  while (one.is_running()) usleep(1000);
}

}  // namespace

TEST_CASE("A second demonstration in the same folder is refused and hears who holds it") {
  some_folder const folder;
  {
    folder_lock const held(folder.path);
    auto const refusal = refusal_of(folder.path);
    CHECK(refusal.find("process " + std::to_string(getpid()) + ", which began at 20") != std::string::npos);
    CHECK(refusal.find("--folder") != std::string::npos);
    CHECK(refusal_of(folder.path / "another").empty());
  }
  CHECK(refusal_of(folder.path).empty());
}

TEST_CASE("What an earlier one left in the lock's file holds nobody up") {
  some_folder const folder;
  std::filesystem::create_directories(folder.path);
  std::ofstream(folder.path / "lock") << "process 1, which began long ago, with a long line after it, to be cut off\n";
  folder_lock const held(folder.path);
  std::ifstream file(folder.path / "lock");
  std::string line;
  std::getline(file, line);
  CHECK(line.starts_with("process " + std::to_string(getpid())));
  CHECK(line.ends_with("Z"));
}

TEST_CASE("A process says how it ended, unless it was ended by us") {
  some_folder const folder;
  std::filesystem::create_directories(folder.path);
  auto killed = process::start({"sh", "-c", "kill -9 $$"}, folder.path / "out");
  CHECK(killed.how_it_ended().empty());
  wait_for(killed);
  CHECK(killed.how_it_ended() == "signal 9");
  auto moved = std::move(killed);
  CHECK(moved.how_it_ended() == "signal 9");
  auto left = process::start({"sh", "-c", "exit 3"}, folder.path / "out");
  wait_for(left);
  CHECK(left.how_it_ended() == "exit 3");
  auto ours = process::start({"sleep", "60"}, folder.path / "out");
  ours.kill();
  CHECK(ours.how_it_ended().empty());
}

TEST_CASE("The programs that the demonstration runs are looked for before it begins") {
  some_folder const folder;
  std::filesystem::create_directories(folder.path);
  auto const told = [&](std::vector<std::string> const& names) {
    try {
      must_find_programs(folder.path, names);
    } catch (story_error const& refused) {
      return std::string(refused.what());
    }
    return std::string{};
  };
  CHECK(told({}).empty());
  CHECK(told({"one", "two"}).find("runs one and two, looked for in " + folder.path.string() + ":") !=
        std::string::npos);
  std::ofstream(folder.path / "one") << "#!/bin/sh\n";
  std::filesystem::permissions(folder.path / "one", std::filesystem::perms::owner_all);
  CHECK(told({"one"}).empty());
  CHECK(told({"one", "two"}).find("runs two, looked for") != std::string::npos);
  std::filesystem::create_directories(folder.path / "two");
  CHECK(told({"one", "two"}).find("runs two, looked for") != std::string::npos);
}

TEST_CASE("Health data are made when they are missing, or of another number of persons") {
  some_folder const folder;
  options how;
  how.folder = folder.path;
  how.persons = 7;
  network const net(how);
  CHECK(net.lacks_health_data());
  std::filesystem::create_directories(folder.path / "health_data");
  for (auto const& country : net.countries()) {
    CHECK(net.lacks_health_data());
    std::ofstream(net.health_data(country)) << "rows";
    std::ofstream(net.health_data(country).string() + ".persons") << 7;
  }
  CHECK_FALSE(net.lacks_health_data());
  std::ofstream(net.health_data("FI").string() + ".persons") << 8;
  CHECK(net.lacks_health_data());
}
