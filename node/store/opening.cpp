#include "node/store/opening.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "node/store/transaction.hpp"

namespace ehds::node::store {
namespace {

constexpr std::int64_t our_application_id = 0x45484453;  // "EHDS" in the header of the file

problem opening_problem(store_failure const& why, std::filesystem::path const& file) {
  switch (why.kind()) {
    case fault::corrupt:
      return {"store.foreign", "The file is not a store of this program.", file.string(), "Name another file."};
    case fault::disk_full:
      return {"store.disk_full", "The disk that holds the store is full.", file.string(), "Make room."};
    case fault::busy:
      return {"store.in_use", "Another program holds the lock of the store.", file.string(), "Close it."};
    case fault::constraint:
    case fault::no_memory:
    case fault::statement:
      return {"store.migration", std::string("The tables cannot be brought up to date: ") + why.what(), file.string(),
              "Restore the last backup and report this."};
    case fault::io:
      break;
  }
  return {"store.unreadable", std::string("The store cannot be opened: ") + why.what(), file.string(),
          "Check the folder, its permissions and the disk."};
}

std::int64_t pragma_value(connection& on, sql pragma) { return reading(on).first(pragma).value().integer(0); }

// An empty file is new; one with our mark is ours; any other belongs to somebody else.
result<void> check_owner(connection& on, std::filesystem::path const& file) {
  if (pragma_value(on, "PRAGMA application_id") == our_application_id) return {};
  if (pragma_value(on, "PRAGMA schema_version") == 0) return {};
  return problem{"store.foreign", "The file is an SQLite database of another program.", file.string(),
                 "Name another file."};
}

// Steps of a room the store has already taken, by room.
std::map<std::string, int, std::less<>> taken_steps(connection& on) {
  std::map<std::string, int, std::less<>> taken;
  reading(on).each("SELECT room, max(version) FROM store_migration GROUP BY room",
                   [&](row const& one) { taken[one.text(0)] = static_cast<int>(one.integer(1)); });
  return taken;
}

result<void> check_not_newer(std::map<std::string, int, std::less<>> const& taken, std::span<migration const> steps,
                             std::filesystem::path const& file) {
  for (auto const& [room, version] : taken) {
    int known = 0;
    for (auto const& step : steps)
      if (step.room == room) known = std::max(known, step.version);
    // A room that is not loaded now (a tool opens fewer) is none of our business.
    if (known == 0 || version <= known) continue;
    return problem{"store.newer",
                   "The store was written by a newer release: its tables of '" + room + "' are at step " +
                       std::to_string(version) + " and this program knows " + std::to_string(known) + ".",
                   file.string(), "Run the newer release, or restore a backup made by this one."};
  }
  return {};
}

result<void> bring_up_to_date(connection& on, std::span<migration const> steps, std::filesystem::path const& file) {
  on.script(
      "CREATE TABLE IF NOT EXISTS store_migration (room TEXT NOT NULL, version INTEGER NOT NULL, "
      "PRIMARY KEY (room, version)) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS store_counter (log TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS store_payload (id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL, "
      "bytes BLOB)");
  auto const taken = taken_steps(on);
  if (auto fine = check_not_newer(taken, steps, file); !fine) return fine;
  transaction tx(on);
  for (auto const& step : steps) {
    auto const done = taken.find(step.room);
    if (done != taken.end() && step.version <= done->second) continue;
    on.script(step.statements);
    tx.run("INSERT INTO store_migration (room, version) VALUES (?, ?)", step.room, step.version);
  }
  return {};
}

void set_up(connection& on) {
  on.script("PRAGMA journal_mode = WAL");
  on.script(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
      "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 67108864");
}

// The common case, a store that lacks nothing, must not write: it costs no fsync at start.
bool lacks_nothing(connection& on, std::span<migration const> steps) {
  if (pragma_value(on, "PRAGMA application_id") != our_application_id) return false;
  auto const taken = taken_steps(on);
  return std::ranges::all_of(steps, [&](migration const& step) {
    auto const done = taken.find(step.room);
    return done != taken.end() && step.version <= done->second;
  });
}

}  // namespace

result<serving_lock> serving_lock::take(std::filesystem::path const& store) {
  std::string const name = store.string() + ".lock";
  serving_lock held;
  held.descriptor_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (held.descriptor_ < 0)
    return problem{"store.unreadable", "The folder of the store cannot be written.", store.string(),
                   "Make the folder, or give it to the user who runs the node."};
  if (::flock(held.descriptor_, LOCK_EX | LOCK_NB) != 0)
    return problem{"store.in_use", "Another process serves this store.", store.string(),
                   "Stop it, or name another folder."};
  return held;
}

serving_lock::~serving_lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

result<std::unique_ptr<connection>> open_for_writing(std::filesystem::path const& file, connection_options const& how,
                                                     std::span<migration const> steps) {
  try {
    auto on = std::make_unique<connection>(how);
    if (auto ours = check_owner(*on, file); !ours) return std::move(ours).error();
    set_up(*on);
    if (lacks_nothing(*on, steps)) {
      if (auto fine = check_not_newer(taken_steps(*on), steps, file); !fine) return std::move(fine).error();
      return on;
    }
    on->script("BEGIN IMMEDIATE; PRAGMA application_id = 1162363987");
    if (auto fine = bring_up_to_date(*on, steps, file); !fine) return std::move(fine).error();
    on->script("COMMIT");
    return on;
  } catch (store_failure const& why) {
    return opening_problem(why, file);
  }
}

result<void> check_readable(std::filesystem::path const& file, connection_options const& how) {
  try {
    connection on(how);
    if (pragma_value(on, "PRAGMA application_id") == our_application_id) return {};
    return problem{"store.foreign", "The file is not a store of this program.", file.string(), "Name another file."};
  } catch (store_failure const& why) {
    return opening_problem(why, file);
  }
}

}  // namespace ehds::node::store
