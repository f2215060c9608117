#pragma once
// A disk that can be full, fail, lie and lose power: an SQLite VFS over the system's own. The database and the payload
// files of a store opened with vfs = disk.name() all go through it.
//
//   fault_disk disk;
//   auto db = database::open(file, {.migrations = ..., .vfs = disk.name()});
//   disk.set_full(true);             // writes are refused (the first one half done)
//   disk.fail_syncs(true);           // fsync reports an error
//   disk.cut_power_at(17);           // the 17th operation from now on and all after it fail
//   disk.restore_power();            // what was never synced is gone; open the store again
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace ehds::tests {

class fault_disk {
 public:
  fault_disk();
  ~fault_disk();
  fault_disk(fault_disk const&) = delete;
  fault_disk& operator=(fault_disk const&) = delete;

  std::string const& name() const { return name_; }

  void set_full(bool full);
  void fail_syncs(bool fail);
  void fail_writes(bool fail);  // with EIO, half written
  void fail_reads(bool fail);
  void cut_power_at(std::uint64_t operation);
  bool is_dark() const;
  // Undoes all writes that were not synced, except the first few of them (a disk may write any of them).
  void restore_power(std::size_t unsynced_writes_kept = 0);
  std::uint64_t operations() const;  // writes, syncs and truncations so far
  std::uint64_t syncs() const;
  std::uint64_t cuts() const;  // of power, so far

  // For the VFS itself. A code other than 0 is what SQLite is told.
  enum class operation { write, sync, truncate, read, other };
  int before(operation what);
  void remember(std::string const& file, std::int64_t offset, std::string old_bytes, std::int64_t old_size);
  void note_created(std::string const& file);
  void note_synced(std::string const& file);
  sqlite3_vfs* inner() const { return inner_; }

 private:
  struct undo {
    std::string file;
    std::int64_t offset;
    std::string old_bytes;
    std::int64_t old_size;
  };
  void take_back(undo const& one) const;

  std::string name_;
  sqlite3_vfs* inner_;
  sqlite3_vfs* vfs_;
  mutable std::mutex guard_;
  bool full_ = false;
  bool bad_syncs_ = false;
  bool bad_writes_ = false;
  bool bad_reads_ = false;
  bool dark_ = false;
  std::uint64_t cut_at_ = 0;  // 0: never
  std::uint64_t operations_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint64_t cuts_ = 0;
  std::vector<undo> unsynced_;
  std::map<std::string, bool> created_;  // files whose folder entry was never synced
};

}  // namespace ehds::tests
