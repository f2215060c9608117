#pragma once
// The audit log: append-only entries in the store, hashed into one Merkle tree (merkle.hpp) whose state is signed now
// and then (checkpoint.hpp). An entry is appended inside the effect it speaks of, so that neither exists without the
// other. Entries hold pseudonymous references and hashes, never personal data: they cannot be erased.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "node/audit/checkpoint.hpp"
#include "node/audit/merkle.hpp"
#include "node/store/database.hpp"

namespace ehds::node::audit {

struct entry {
  std::string actor;                                           // who: "user:4711", "node:FR", "system"
  std::string action;                                          // what: "permit.issue"
  std::string object;                                          // to what: "application:2026-17"
  std::string outcome;                                         // "done", "refused", ...
  std::vector<std::pair<std::string, std::string>> refs = {};  // further names and hashes: {"query_sha256", "..."}
};

std::vector<store::migration> migrations();

// Returns the sequence number, from 1, without gaps.
std::int64_t append(store::transaction& tx, instant now, entry const& what);

struct recorded_entry {
  std::int64_t seq = 0;
  instant time;
  std::string leaf;  // the JSON that is hashed: {seq, time, actor, action, object, outcome, refs}
};
// Newest first, those before that number (0: from the end), optionally of one object.
std::vector<recorded_entry> recent(store::reading& now, std::size_t count, std::int64_t before = 0,
                                   std::optional<std::string> const& object = std::nullopt);

// Signs the present state and keeps the note, unless the last one already covers it. Returns the newest note; empty
// when the log is empty.
std::string sign_checkpoint(store::transaction& tx, instant now, std::string const& origin,
                            checkpoint_signer const& signer);
std::vector<std::string> checkpoints(store::reading& now);  // oldest first
std::string newest_checkpoint(store::reading& now);         // empty: none was signed yet

checkpoint current_state(store::reading& now, std::string const& origin);
// Proofs for the tree of that size; seq counts from 1. Problem: audit.range.
result<proof> prove_inclusion(store::reading& now, std::int64_t seq, std::uint64_t size);
result<proof> prove_consistency(store::reading& now, std::uint64_t old_size, std::uint64_t new_size);

}  // namespace ehds::node::audit
