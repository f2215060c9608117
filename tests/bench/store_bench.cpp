// What a durable effect costs, alone and in company, beside the least it could cost: one fsync of a small append.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

#include "base/ids.hpp"
#include "node/audit/log.hpp"
#include "node/store/database.hpp"

using namespace ehds;
using namespace ehds::node;

namespace {

double milliseconds(std::function<void()> const& work) {
  auto const begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

double fsync_floor(std::filesystem::path const& file, int times) {
  int const descriptor = ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  std::string const bytes(8192, 'x');
  double const took = milliseconds([&] {
    for (int n = 0; n < times; ++n)
      if (::write(descriptor, bytes.data(), bytes.size()) < 0 || ::fdatasync(descriptor) != 0) std::abort();
  });
  ::close(descriptor);
  return took / times;
}

void commit_one(store::database& db, std::string const& body) {
  auto const done = db.commit([&](store::transaction& tx) -> result<void> {
    tx.run("INSERT INTO bench_row (body) VALUES (?)", body);
    audit::append(tx, instant{}, {"bench", "row.add", "x", "done"});
    return {};
  });
  if (!done) std::abort();
}

// Commits by that many threads for half a second: effects in a second.
double throughput(store::database& db, int threads) {
  std::string const body(2048, 'b');
  auto const before = db.counts();
  auto const end = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  std::vector<std::thread> workers;
  for (int n = 0; n < threads; ++n)
    workers.emplace_back([&] {
      while (std::chrono::steady_clock::now() < end) commit_one(db, body);
    });
  for (auto& one : workers) one.join();
  return static_cast<double>(db.counts().effects - before.effects) * 2;
}

}  // namespace

int main() {
  auto const folder = std::filesystem::temp_directory_path() / ("ehds-bench-" + random_uuid());
  std::filesystem::create_directories(folder);
  auto options = [] {
    auto steps = audit::migrations();
    steps.push_back({"bench", 1, "CREATE TABLE bench_row (id INTEGER PRIMARY KEY, body TEXT)"});
    return store::database_options{.migrations = steps};
  };
  std::printf("fdatasync of an 8 KB append   %8.2f ms\n", fsync_floor(folder / "floor", 100));
  {
    auto db = store::database::open(folder / "s.sqlite", options()).value();
    for (int const threads : {1, 4, 16, 64}) {
      double const rate = throughput(db, threads);
      std::printf("%3d callers, 2 KB + audit     %8.0f effects/s\n", threads, rate);
    }
  }
  double const opening =
      milliseconds([&] { static_cast<void>(store::database::open(folder / "s.sqlite", options())); });
  std::printf("open an existing store        %8.2f ms\n", opening);
  std::filesystem::remove_all(folder);
  return 0;
}
