#include "node/store/fault_disk.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "base/ids.hpp"

namespace ehds::tests {
namespace {

using operation = fault_disk::operation;

// What SQLite allocates for an open file: ours, with the system's behind it in the same memory.
struct fault_file {
  sqlite3_file base;
  fault_disk* disk;
  std::string* path;
  sqlite3_file* inner;
};

fault_file& ours(sqlite3_file* file) { return *reinterpret_cast<fault_file*>(file); }
sqlite3_file* inner(sqlite3_file* file) { return ours(file).inner; }
fault_disk& disk_of(sqlite3_vfs* vfs) { return *static_cast<fault_disk*>(vfs->pAppData); }

int close_file(sqlite3_file* file) {
  delete ours(file).path;
  return inner(file)->pMethods->xClose(inner(file));
}

int read_file(sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
  if (int const code = ours(file).disk->before(operation::read); code != SQLITE_OK) return code;
  return inner(file)->pMethods->xRead(inner(file), into, size, at);
}

void remember_old(sqlite3_file* file, sqlite3_int64 at, sqlite3_int64 size) {
  sqlite3_int64 old_size = 0;
  inner(file)->pMethods->xFileSize(inner(file), &old_size);
  std::string old_bytes;
  if (at < old_size) {
    old_bytes.resize(static_cast<std::size_t>(std::min(size, old_size - at)));
    inner(file)->pMethods->xRead(inner(file), old_bytes.data(), static_cast<int>(old_bytes.size()), at);
  }
  ours(file).disk->remember(*ours(file).path, at, std::move(old_bytes), old_size);
}

int write_file(sqlite3_file* file, void const* bytes, int size, sqlite3_int64 at) {
  int const code = ours(file).disk->before(operation::write);
  if (code == SQLITE_IOERR) return code;  // no power
  remember_old(file, at, size);
  if (code == SQLITE_OK) return inner(file)->pMethods->xWrite(inner(file), bytes, size, at);
  inner(file)->pMethods->xWrite(inner(file), bytes, size / 2, at);
  return code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (int const code = ours(file).disk->before(operation::truncate); code != SQLITE_OK) return code;
  sqlite3_int64 old_size = 0;
  inner(file)->pMethods->xFileSize(inner(file), &old_size);
  remember_old(file, size, old_size - size);
  return inner(file)->pMethods->xTruncate(inner(file), size);
}

// The real fsync would only cost time: what it means is kept in the disk's own book.
int sync_file(sqlite3_file* file, int) {
  if (int const code = ours(file).disk->before(operation::sync); code != SQLITE_OK) return code;
  ours(file).disk->note_synced(*ours(file).path);
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) { return inner(file)->pMethods->xFileSize(inner(file), size); }
int lock_file(sqlite3_file* file, int how) { return inner(file)->pMethods->xLock(inner(file), how); }
int unlock_file(sqlite3_file* file, int how) { return inner(file)->pMethods->xUnlock(inner(file), how); }
int check_lock(sqlite3_file* file, int* is) { return inner(file)->pMethods->xCheckReservedLock(inner(file), is); }
int control(sqlite3_file* file, int what, void* with) {
  return inner(file)->pMethods->xFileControl(inner(file), what, with);
}
int sector_size(sqlite3_file* file) { return inner(file)->pMethods->xSectorSize(inner(file)); }
int traits(sqlite3_file* file) { return inner(file)->pMethods->xDeviceCharacteristics(inner(file)); }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** at) {
  return inner(file)->pMethods->xShmMap(inner(file), page, size, extend, at);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return inner(file)->pMethods->xShmLock(inner(file), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { inner(file)->pMethods->xShmBarrier(inner(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return inner(file)->pMethods->xShmUnmap(inner(file), remove); }

sqlite3_io_methods const methods = {2,         close_file,  read_file,  write_file, truncate_file, sync_file, file_size,
                                    lock_file, unlock_file, check_lock, control,    sector_size,   traits,    shm_map,
                                    shm_lock,  shm_barrier, shm_unmap,  nullptr,    nullptr};

int open_file(sqlite3_vfs* vfs, char const* path, sqlite3_file* file, int flags, int* out_flags) {
  auto& disk = disk_of(vfs);
  auto& mine = ours(file);
  mine.base.pMethods = nullptr;
  bool const is_new = path != nullptr && !std::filesystem::exists(path);
  if (disk.is_dark()) return SQLITE_CANTOPEN;
  mine.inner = reinterpret_cast<sqlite3_file*>(&mine + 1);
  int const code = disk.inner()->xOpen(disk.inner(), path, mine.inner, flags, out_flags);
  if (code != SQLITE_OK) return code;
  mine.base.pMethods = &methods;
  mine.disk = &disk;
  mine.path = new std::string(path != nullptr ? path : "");
  if (is_new) disk.note_created(*mine.path);
  return SQLITE_OK;
}

int remove_file(sqlite3_vfs* vfs, char const* path, int sync_folder) {
  auto& disk = disk_of(vfs);
  if (disk.is_dark()) return SQLITE_IOERR_DELETE;
  return disk.inner()->xDelete(disk.inner(), path, sync_folder);
}

}  // namespace

fault_disk::fault_disk() : name_("fault-" + random_uuid()), vfs_(new sqlite3_vfs{}) {
  sqlite3_initialize();
  inner_ = sqlite3_vfs_find(nullptr);
  *vfs_ = *inner_;
  vfs_->szOsFile = static_cast<int>(sizeof(fault_file)) + inner_->szOsFile;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->pNext = nullptr;
  vfs_->xOpen = open_file;
  vfs_->xDelete = remove_file;
  sqlite3_vfs_register(vfs_, 0);
}

fault_disk::~fault_disk() {
  sqlite3_vfs_unregister(vfs_);
  delete vfs_;
}

void fault_disk::set_full(bool full) {
  std::scoped_lock const lock(guard_);
  full_ = full;
}

void fault_disk::fail_syncs(bool fail) {
  std::scoped_lock const lock(guard_);
  bad_syncs_ = fail;
}

void fault_disk::fail_writes(bool fail) {
  std::scoped_lock const lock(guard_);
  bad_writes_ = fail;
}

void fault_disk::fail_reads(bool fail) {
  std::scoped_lock const lock(guard_);
  bad_reads_ = fail;
}

void fault_disk::cut_power_at(std::uint64_t operation) {
  std::scoped_lock const lock(guard_);
  cut_at_ = operations_ + operation;
}

bool fault_disk::is_dark() const {
  std::scoped_lock const lock(guard_);
  return dark_;
}

std::uint64_t fault_disk::operations() const {
  std::scoped_lock const lock(guard_);
  return operations_;
}

std::uint64_t fault_disk::syncs() const {
  std::scoped_lock const lock(guard_);
  return syncs_;
}

std::uint64_t fault_disk::cuts() const {
  std::scoped_lock const lock(guard_);
  return cuts_;
}

int fault_disk::before(operation what) {
  std::scoped_lock const lock(guard_);
  bool const changes = what == operation::write || what == operation::sync || what == operation::truncate;
  if (changes && ++operations_ == cut_at_) {
    dark_ = true;
    ++cuts_;
  }
  if (what == operation::sync) ++syncs_;
  if (dark_) return what == operation::sync ? SQLITE_IOERR_FSYNC : SQLITE_IOERR;
  if (what == operation::read && bad_reads_) return SQLITE_IOERR_READ;
  if (what == operation::write && full_) return SQLITE_FULL;
  if (what == operation::write && bad_writes_) return SQLITE_IOERR_WRITE;
  if (what == operation::sync && bad_syncs_) return SQLITE_IOERR_FSYNC;
  return SQLITE_OK;
}

void fault_disk::remember(std::string const& file, std::int64_t offset, std::string old_bytes, std::int64_t old_size) {
  std::scoped_lock const lock(guard_);
  unsynced_.push_back({file, offset, std::move(old_bytes), old_size});
}

void fault_disk::note_created(std::string const& file) {
  std::scoped_lock const lock(guard_);
  created_[file] = true;
}

void fault_disk::note_synced(std::string const& file) {
  std::scoped_lock const lock(guard_);
  std::erase_if(unsynced_, [&](undo const& one) { return one.file == file; });
  created_.erase(file);
}

void fault_disk::take_back(undo const& one) const {
  if (!std::filesystem::exists(one.file)) return;
  {
    std::fstream file(one.file, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(one.offset);
    file.write(one.old_bytes.data(), static_cast<std::streamsize>(one.old_bytes.size()));
  }
  std::filesystem::resize_file(one.file, static_cast<std::uintmax_t>(one.old_size));
}

void fault_disk::restore_power(std::size_t unsynced_writes_kept) {
  std::scoped_lock const lock(guard_);
  while (unsynced_.size() > unsynced_writes_kept) {
    take_back(unsynced_.back());
    unsynced_.pop_back();
  }
  for (auto const& [file, entry] : created_) {
    bool const was_written = unsynced_writes_kept > 0;
    if (entry && !was_written) std::filesystem::remove(file);
  }
  unsynced_.clear();
  created_.clear();
  dark_ = false;
  cut_at_ = 0;
}

}  // namespace ehds::tests
