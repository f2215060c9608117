#pragma once
// Payloads: up to 256 KB in a row, larger ones in a file of the folder "<store>.payloads", fsynced together with that
// folder before the row that names it is committed. A file without a row is an orphan of a crash: swept at start.
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

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

class payload_store {
 public:
  payload_store(std::filesystem::path folder, std::string vfs);

  // On the caller's thread: a large payload is on disk when this returns. Problems: store.disk_full, store.payload.
  result<prepared_payload> prepare(std::string_view bytes) const;

  // Inside the effect: from here on get(id) finds it.
  static void put(transaction& tx, prepared_payload const& payload);
  // Inside an effect: the row goes now, the file (if there is one) at the next start.
  static void forget(transaction& tx, std::string_view id);

  // The bytes, checked against their SHA-256. Problems: store.payload_missing, store.payload_damaged.
  result<std::string> get(reading& now, std::string_view id) const;

  // Removes files that no row names; returns how many. Called by database::open, before anything is prepared.
  std::size_t sweep(reading& now) const;

 private:
  std::filesystem::path folder_;
  std::string vfs_;
};

}  // namespace ehds::node::store
