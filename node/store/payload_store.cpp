#include "node/store/payload_store.hpp"

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/store/fail_point.hpp"
#include "node/store/file_door.hpp"

namespace ehds::node::store {

payload_store::payload_store(std::filesystem::path folder, std::string vfs)
    : folder_(std::move(folder)), vfs_(std::move(vfs)) {}

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

void payload_store::put(transaction& tx, prepared_payload const& payload) {
  std::optional<blob> bytes;
  if (!payload.in_file) bytes = blob{payload.row_bytes};
  tx.run("INSERT INTO store_payload (id, sha256, size, bytes) VALUES (?, ?, ?, ?)", payload.id, payload.sha256_hex,
         payload.size, bytes);
}

void payload_store::forget(transaction& tx, std::string_view id) {
  tx.run("DELETE FROM store_payload WHERE id = ?", id);
}

result<std::string> payload_store::get(reading& now, std::string_view id) const {
  auto const found = now.first("SELECT sha256, bytes FROM store_payload WHERE id = ?", id);
  if (!found) return problem{"store.payload_missing", "The store has no such payload.", std::string(id), ""};
  auto bytes = found->maybe_text(1);
  if (!bytes) {
    auto read = file_door(vfs_).read_all(folder_ / std::string(id));
    if (!read) return std::move(read).error();
    bytes = std::move(*read);
  }
  if (sha256_hex(*bytes) == found->text(0)) return std::move(*bytes);
  return problem{"store.payload_damaged", "A stored payload is not what was stored.", std::string(id),
                 "Restore it from a backup, and check the disk."};
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
