#include "node/store/payload_store.hpp"

#include <algorithm>
#include <new>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/store/fail_point.hpp"
#include "node/store/file_door.hpp"

namespace ehds::node::store {

namespace {

result<std::string_view> look_into(vfs_file& opened, std::filesystem::path const& file, std::uint64_t size,
                                   std::uint64_t at, std::size_t most, std::string& space) {
  if (at >= size) return std::string_view{};
  auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(most, size - at));
  if (space.size() < count) space.resize(count);
  if (int const code = opened.read(at, space.data(), count); code != 0) return file_trouble(code, file);
  return std::string_view(space).substr(0, count);
}

problem damaged(std::string id) {
  return {"store.payload_damaged", "A stored payload is not what was stored.", std::move(id),
          "Restore it from a backup, and check the disk."};
}

problem found_damaged(std::string id, damage_notes& notes) {
  ++notes.count;
  if (notes.tell) notes.tell(id);
  return damaged(std::move(id));
}

problem missing(std::string_view id) {
  return {"store.payload_missing", "The store has no such payload.", std::string(id),
          "Restore it from a backup, and check the disk."};
}

// A file that is there may be opened another time: no descriptor is free, or somebody took the permission.
problem not_opened(problem why, std::filesystem::path const& file, std::string_view id) {
  std::error_code unclear;
  auto const kind = std::filesystem::symlink_status(file, unclear).type();
  return kind == std::filesystem::file_type::not_found ? missing(id) : std::move(why);
}

// Digests what is read the first time, and what a reader leaps over, so that who has read the last byte has read what
// was stored, or a problem.
class checked_source final : public byte_source {
 public:
  checked_source(std::unique_ptr<byte_source> bytes, std::string id, std::string sha256_hex,
                 std::shared_ptr<damage_notes> notes)
      : bytes_(std::move(bytes)), id_(std::move(id)), expected_(std::move(sha256_hex)), notes_(std::move(notes)) {}
  std::uint64_t size() const override { return bytes_->size(); }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override {
    constexpr std::size_t piece = 64 * 1024;
    for (std::string leapt; checked_ < std::min(at, size());) {
      auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(piece, at - checked_));
      if (auto const seen = check(checked_, bytes_->look(checked_, count, leapt)); !seen) return seen;
    }
    return check(at, bytes_->look(at, most, space));
  }

 private:
  result<std::string_view> check(std::uint64_t at, result<std::string_view> got) const {
    if (is_damaged_) return damaged(id_);
    if (!got || at + got->size() <= checked_) return got;
    digest_.add(got->substr(static_cast<std::size_t>(checked_ - at)));
    checked_ = at + got->size();
    if (checked_ < size()) return got;
    is_damaged_ = to_hex(digest_.finish()) != expected_;
    return is_damaged_ ? result<std::string_view>(found_damaged(id_, *notes_)) : got;
  }

  std::unique_ptr<byte_source> bytes_;
  std::string id_;
  std::string expected_;
  std::shared_ptr<damage_notes> notes_;
  mutable sha256_stream digest_;
  mutable std::uint64_t checked_ = 0;
  mutable bool is_damaged_ = false;
};

class file_source final : public byte_source {
 public:
  file_source(std::filesystem::path file, std::unique_ptr<vfs_file> opened, std::uint64_t size)
      : file_(std::move(file)), opened_(std::move(opened)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override {
    return look_into(*opened_, file_, size_, at, most, space);
  }

 private:
  std::filesystem::path file_;
  std::unique_ptr<vfs_file> opened_;
  std::uint64_t size_;
};

}  // namespace

growing_payload::growing_payload(std::filesystem::path file, std::string vfs, std::unique_ptr<vfs_file> opened)
    : file_(std::move(file)), vfs_(std::move(vfs)), opened_(std::move(opened)) {}

growing_payload::~growing_payload() {
  opened_->close();
  if (!is_kept_) file_door(vfs_).remove(file_);
}

result<void> growing_payload::add(std::string_view bytes) {
  if (int const code = opened_->append(bytes); code != 0) return file_trouble(code, file_);
  digest_.add(bytes);
  size_ += bytes.size();
  return {};
}

result<std::string_view> growing_payload::look(std::uint64_t at, std::size_t most, std::string& space) const {
  return look_into(*opened_, file_, size_, at, most, space);
}

result<prepared_payload> growing_payload::finish() {
  if (int const code = opened_->sync(); code != 0) return file_trouble(code, file_);
  if (sha256_hex_.empty()) sha256_hex_ = to_hex(digest_.finish());
  fail_point("store.payload_on_disk");
  return prepared_payload{
      .id = file_.filename().string(), .sha256_hex = sha256_hex_, .size = size_, .row_bytes = {}, .in_file = true};
}

payload_store::payload_store(std::filesystem::path folder, std::string vfs,
                             std::function<void(std::string_view)> on_damaged)
    : folder_(std::move(folder)), vfs_(std::move(vfs)), notes_(std::make_shared<damage_notes>(std::move(on_damaged))) {}

result<prepared_payload> payload_store::prepare(std::string_view bytes) const {
  prepared_payload ready{.id = random_uuid(), .sha256_hex = sha256_hex(bytes), .size = bytes.size()};
  if (bytes.size() <= payload_row_limit) {
    ready.row_bytes = std::string(bytes);
    return ready;
  }
  ready.in_file = true;
  file_door const door(vfs_);
  if (auto made = door.make_folder(folder_); !made) return std::move(made).error();
  if (auto kept = door.write_durably(folder_ / ready.id, bytes); !kept) return std::move(kept).error();
  fail_point("store.payload_on_disk");
  return ready;
}

result<std::unique_ptr<growing_payload>> payload_store::begin() const {
  file_door const door(vfs_);
  if (auto made = door.make_folder(folder_); !made) return std::move(made).error();
  auto const file = folder_ / random_uuid();
  auto opened = door.create(file);
  if (!opened) return std::move(opened).error();
  try {
    return std::make_unique<growing_payload>(file, vfs_, *std::move(opened));
  } catch (std::bad_alloc const&) {
    door.remove(file);  // nobody else knows it
    throw;
  }
}

void payload_store::discard(prepared_payload const& payload) const {
  if (payload.in_file) file_door(vfs_).remove(folder_ / payload.id);
}

void payload_store::put(transaction& tx, prepared_payload const& payload) {
  std::optional<blob> bytes;
  if (!payload.in_file) bytes = blob{payload.row_bytes};
  tx.run("INSERT INTO store_payload (id, sha256, size, bytes) VALUES (?, ?, ?, ?)", payload.id, payload.sha256_hex,
         payload.size, bytes);
}

void payload_store::forget(transaction& tx, std::string_view id) {
  tx.run("DELETE FROM store_payload WHERE id = ?", id);
}

result<std::unique_ptr<byte_source>> payload_store::open(reading& now, std::string_view id) const {
  auto const found = now.first("SELECT sha256, size, bytes FROM store_payload WHERE id = ?", id);
  if (!found) return missing(id);
  if (auto bytes = found->maybe_text(2)) {
    if (sha256_hex(*bytes) != found->text(0)) return found_damaged(std::string(id), *notes_);
    return std::unique_ptr<byte_source>(std::make_unique<held_source>(*std::move(bytes)));
  }
  auto const file = folder_ / std::string(id);
  auto opened = file_door(vfs_).open(file);
  if (!opened) return not_opened(std::move(opened).error(), file, id);
  std::uint64_t size = 0;
  if (int const code = (*opened)->size(size); code != 0) return file_trouble(code, file);
  if (size != static_cast<std::uint64_t>(found->integer(1))) return found_damaged(std::string(id), *notes_);
  return std::unique_ptr<byte_source>(std::make_unique<checked_source>(
      std::make_unique<file_source>(file, *std::move(opened), size), std::string(id), found->text(0), notes_));
}

result<std::string> payload_store::get(reading& now, std::string_view id) const {
  auto const found = now.first("SELECT sha256, bytes FROM store_payload WHERE id = ?", id);
  if (!found) return missing(id);
  auto bytes = found->maybe_text(1);
  if (!bytes) {
    auto const file = folder_ / std::string(id);
    auto read = file_door(vfs_).read_all(file);
    if (!read) return not_opened(std::move(read).error(), file, id);
    bytes = std::move(*read);
  }
  if (sha256_hex(*bytes) == found->text(0)) return std::move(*bytes);
  return found_damaged(std::string(id), *notes_);
}

std::size_t payload_store::sweep(reading& now) const {
  std::size_t removed = 0;
  std::error_code none;
  for (auto const& entry : std::filesystem::directory_iterator(folder_, none)) {
    std::string const id = entry.path().filename().string();
    if (now.first("SELECT 1 FROM store_payload WHERE id = ? AND bytes IS NULL", id)) continue;
    removed += file_door(vfs_).remove(entry.path()) ? 1 : 0;
  }
  return removed;
}

}  // namespace ehds::node::store
