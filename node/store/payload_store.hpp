#pragma once
// Payloads: up to 256 KB in a row, larger ones in a file of the folder "<store>.payloads", fsynced together with that
// folder before the row that names it is committed. A file without a row is an orphan of a crash: swept at start.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/byte_source.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "node/store/transaction.hpp"

namespace ehds::node::store {

inline constexpr std::size_t payload_row_limit = 256 * 1024;

// A payload made ready before the effect; put() inside the effect gives it to the store.
struct prepared_payload {
  std::string id;
  std::string sha256_hex;
  std::size_t size = 0;
  std::string row_bytes = {};  // empty when the bytes are in the file
  bool in_file = false;
};

class file_door;
class vfs_file;

// A payload in the making, in a private file: first written, then read as often as one likes. The file goes with this
// object unless keep() was called; what a crash leaves is swept at start. For one thread at a time.
class growing_payload final : public byte_sink, public byte_source {
 public:
  growing_payload(std::filesystem::path file, std::string vfs, std::unique_ptr<vfs_file> opened);
  ~growing_payload() override;

  result<void> add(std::string_view bytes) override;  // store.disk_full, store.payload
  std::uint64_t size() const override { return size_; }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override;

  // After the last byte, before the effect: synced together with its folder. May be called again.
  result<prepared_payload> finish();
  // After the effect: it names the file.
  void keep() { is_kept_ = true; }

 private:
  std::filesystem::path file_;
  std::string vfs_;
  std::unique_ptr<vfs_file> opened_;
  sha256_stream digest_;
  std::uint64_t size_ = 0;
  std::string sha256_hex_;  // once finished
  bool is_kept_ = false;
};

// Who is told that a payload is not what was stored, and how often it was found. Outlives the store in what it opened.
struct damage_notes {
  std::function<void(std::string_view id)> tell;
  std::atomic<std::uint64_t> count{0};
};

class payload_store {
 public:
  payload_store(std::filesystem::path folder, std::string vfs, std::function<void(std::string_view)> on_damaged = {});

  // On the caller's thread: a large payload is on disk when this returns. Problems: store.disk_full, store.payload.
  result<prepared_payload> prepare(std::string_view bytes) const;

  // Inside the effect: from here on get(id) finds it.
  static void put(transaction& tx, prepared_payload const& payload);
  // Inside an effect: the row goes now, the file (if there is one) at the next start.
  static void forget(transaction& tx, std::string_view id);

  // A payload of any size, written piece by piece.
  result<std::unique_ptr<growing_payload>> begin() const;
  // What was prepared and will not be put: its file goes now instead of at the next start.
  void discard(prepared_payload const& payload) const;

  // The bytes where they lie, checked against their SHA-256 as they are read: whoever comes to the last byte has read
  // what was stored, else it is a problem. For one thread at a time. Same problems as get.
  result<std::unique_ptr<byte_source>> open(reading& now, std::string_view id) const;
  // The bytes, checked against their SHA-256. Problems: store.payload_missing, store.payload_damaged.
  result<std::string> get(reading& now, std::string_view id) const;

  // How often a payload was read since the start and found to be damaged.
  std::uint64_t damaged() const { return notes_->count.load(); }

  // Removes files that no row names; returns how many. Called by database::open, before anything is prepared.
  std::size_t sweep(reading& now) const;

 private:
  std::filesystem::path folder_;
  std::string vfs_;
  std::shared_ptr<damage_notes> notes_;
};

}  // namespace ehds::node::store
