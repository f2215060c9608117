#pragma once
// The door of the store: one SQLite file, durable before acknowledged. WAL with synchronous=FULL; one writer thread
// that puts all waiting effects into one transaction (one fsync), a savepoint each; a few connections for reading.
//
//   auto db = database::open(folder / "node.sqlite", {.migrations = all_migrations});
//   auto done = db->commit([&](transaction& tx) -> result<void> { tx.run("INSERT ..."); return {}; });
//   auto names = db->read([](reading& now) { return now.rows("SELECT name FROM ..."); });
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "node/store/transaction.hpp"

namespace ehds::node::store {

class payload_store;

// One step of one room's tables. Steps of a room are numbered 1, 2, 3 ... and given in that order; a step that was
// released is never edited.
// Tables carry the name of their room in front: exchange_outbox.
struct migration {
  std::string room;
  int version = 0;
  sql statements;  // any number, separated by ";"
};

struct database_options {
  std::vector<migration> migrations = {};
  bool read_only = false;                           // for looking at a store that another process may be serving
  std::size_t readers = 4;                          // reading connections at most, opened when first needed
  std::size_t batch_limit = 256;                    // effects in one transaction
  std::size_t queue_limit = 4096;                   // effects waiting; more are refused with store.busy
  std::chrono::milliseconds busy_timeout{5'000};    // when another process (a shell) holds the lock
  std::chrono::milliseconds probe_interval{1'000};  // how often a full disk is tried again
  std::string vfs = {};                             // a registered SQLite VFS; empty is the system's
  // Called once from the writer thread after an fsync or I/O error: say the reason and leave the process.
  std::function<void(std::string const& reason)> on_broken = {};
  // Called by whoever reads a payload that is not what was stored, with its id.
  std::function<void(std::string_view payload)> on_damaged_payload = {};
};

enum class condition {
  ready,
  disk_full,  // refuses, and tries again by itself
  broken,     // refuses for good: restart, and the log is recovered
};

struct commit_counts {
  std::uint64_t effects = 0;   // made durable
  std::uint64_t batches = 0;   // transactions, each one fsync
  std::uint64_t refused = 0;   // for a full disk, a broken file or a full queue
  double commit_seconds = 0;   // all time spent in COMMIT
  double slowest_seconds = 0;  // the longest COMMIT
  std::size_t waiting = 0;     // effects in the queue now: the next transaction takes them together
};

class database {
 public:
  // Creates the file (its folder must exist) or opens it and applies the migrations it lacks. Problems:
  // store.unreadable, store.foreign (some other program's file), store.newer (written by a newer release), store.in_use
  // (another process serves it), store.migration, store.disk_full.
  static result<database> open(std::filesystem::path const& file, database_options options);
  ~database();
  database(database&&) noexcept;
  database& operator=(database&&) noexcept;

  // Blocks until the effect is on disk, or was rolled back. The effect's own problem comes back unchanged; besides:
  // store.disk_full, store.broken, store.busy. An exception thrown by the effect is thrown here again. Never call it
  // from inside an effect.
  result<void> commit(effect const& change);

  // Runs f(reading&) on one consistent snapshot and returns what f returns. Waits while all connections are lent.
  template <class Question>
  auto read(Question&& question) const -> std::invoke_result_t<Question, reading&> {
    lent_reader const lent(*this);
    return std::invoke(std::forward<Question>(question), lent.get());
  }

  // Large payloads in files beside the store, small ones in rows: payload_store.hpp.
  payload_store& payloads() const;

  condition state() const;
  bool healthy() const { return state() == condition::ready; }
  std::string reason() const;  // one sentence when not healthy, else empty
  bool probe();                // tries a small durable write now; true when the store is healthy after it
  commit_counts counts() const;
  std::filesystem::path const& path() const;

  struct core;

 private:
  explicit database(std::unique_ptr<core> held);
  class lent_reader {
   public:
    explicit lent_reader(database const& from);
    ~lent_reader();
    lent_reader(lent_reader const&) = delete;
    lent_reader& operator=(lent_reader const&) = delete;
    reading& get() const { return *reading_; }

   private:
    core& core_;
    std::unique_ptr<connection> connection_;
    std::unique_ptr<reading> reading_;
  };
  std::unique_ptr<core> core_;
};

}  // namespace ehds::node::store
