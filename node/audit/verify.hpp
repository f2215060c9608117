#pragma once
// Offline proof that a log is whole: recomputes every hash, compares with every signed checkpoint, and finds any entry
// changed, removed, inserted or moved. What was rewritten after the newest checkpoint can only be found with a
// checkpoint that somebody else kept: give it as `witnessed`.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "node/store/transaction.hpp"

namespace ehds::node::audit {

struct verification {
  std::uint64_t entries = 0;
  std::uint64_t checkpoints = 0;  // with a good signature and the right root
  std::uint64_t covered = 0;      // entries under the newest of these
  std::string root;               // 32 raw bytes, of all entries
  problems found;                 // empty: the log is whole

  bool is_whole() const { return found.empty(); }
};

struct verification_terms {
  std::vector<std::string> keys;                        // verifier keys to trust; a checkpoint must be signed by one
  std::optional<std::string> witnessed = std::nullopt;  // a checkpoint kept outside
};

verification verify(store::reading& now, verification_terms const& terms);
// The store of a node, running or not. Problems: those of database::open.
result<verification> verify_store(std::filesystem::path const& store, verification_terms const& terms);

// The log as text: a line per entry (the leaf itself), then a line {"checkpoint": note} each.
void export_log(store::reading& now, std::ostream& to);
result<verification> verify_export(std::filesystem::path const& file, verification_terms const& terms);

}  // namespace ehds::node::audit
