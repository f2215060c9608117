#include "node/audit/log.hpp"

#include <bit>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"

namespace ehds::node::audit {
namespace {

// Fields in this order, no blanks: the leaf is hashed as these bytes.
std::string leaf_of(std::int64_t seq, instant now, entry const& what) {
  nlohmann::ordered_json refs = nlohmann::ordered_json::object();
  for (auto const& [name, value] : what.refs) refs[name] = value;
  nlohmann::ordered_json const leaf = {{"seq", seq},
                                       {"time", to_rfc3339(now)},
                                       {"actor", what.actor},
                                       {"action", what.action},
                                       {"object", what.object},
                                       {"outcome", what.outcome},
                                       {"refs", refs}};
  return leaf.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The roots of the complete subtrees live in one small table, so that appending costs no look at older leaves.
merkle_frontier frontier(store::reading& now) {
  std::uint64_t size = 0;
  std::vector<std::string> roots;
  now.each("SELECT level, hash FROM audit_frontier ORDER BY level DESC", [&](store::row const& one) {
    size += std::uint64_t{1} << static_cast<unsigned>(one.integer(0));
    roots.push_back(one.text(1));
  });
  return {size, std::move(roots)};
}

void keep_frontier(store::transaction& tx, merkle_frontier const& tree, std::uint64_t size_before) {
  // Appending one leaf clears the trailing ones of the old size and sets the next bit.
  auto const level = std::countr_one(size_before);
  tx.run("DELETE FROM audit_frontier WHERE level < ?", level);
  tx.run("INSERT INTO audit_frontier (level, hash) VALUES (?, ?)", level, store::blob{tree.roots().back()});
}

std::vector<std::string> hashes(store::reading& now, std::uint64_t size) {
  std::vector<std::string> leaves;
  leaves.reserve(size);
  now.each(
      "SELECT leaf_hash FROM audit_entry WHERE seq <= ? ORDER BY seq",
      [&](store::row const& one) { leaves.push_back(one.text(0)); }, static_cast<std::int64_t>(size));
  return leaves;
}

problem out_of_range() { return {"audit.range", "The log has no tree of that size, or no such entry in it.", "", ""}; }

}  // namespace

std::vector<store::migration> migrations() {
  return {{"audit", 1,
           "CREATE TABLE audit_entry (seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, object TEXT NOT NULL, "
           "leaf TEXT NOT NULL, leaf_hash BLOB NOT NULL);"
           "CREATE INDEX audit_entry_object ON audit_entry (object, seq);"
           "CREATE TABLE audit_frontier (level INTEGER PRIMARY KEY, hash BLOB NOT NULL);"
           "CREATE TABLE audit_checkpoint (size INTEGER PRIMARY KEY, time INTEGER NOT NULL, note TEXT NOT NULL)"}};
}

std::int64_t append(store::transaction& tx, instant now, entry const& what) {
  auto const seq = tx.next_number("audit");
  auto const leaf = leaf_of(seq, now, what);
  auto const hash = leaf_hash(leaf);
  tx.run("INSERT INTO audit_entry (seq, time, object, leaf, leaf_hash) VALUES (?, ?, ?, ?, ?)", seq, now, what.object,
         leaf, store::blob{hash});
  auto tree = frontier(tx);
  auto const size_before = tree.size();
  tree.append(hash);
  keep_frontier(tx, tree, size_before);
  return seq;
}

std::vector<recorded_entry> recent(store::reading& now, std::size_t count, std::int64_t before,
                                   std::optional<std::string> const& object) {
  std::vector<recorded_entry> found;
  auto const keep = [&](store::row const& one) { found.push_back({one.integer(0), one.time(1), one.text(2)}); };
  if (object)
    now.each(
        "SELECT seq, time, leaf FROM audit_entry WHERE object = ?1 AND (?2 = 0 OR seq < ?2) "
        "ORDER BY seq DESC LIMIT ?3",
        keep, *object, before, count);
  else
    now.each("SELECT seq, time, leaf FROM audit_entry WHERE (?1 = 0 OR seq < ?1) ORDER BY seq DESC LIMIT ?2", keep,
             before, count);
  return found;
}

std::string sign_checkpoint(store::transaction& tx, instant now, std::string const& origin,
                            checkpoint_signer const& signer) {
  auto const state = current_state(tx, origin);
  auto const size = static_cast<std::int64_t>(state.size);
  if (size == 0) return {};
  if (auto const last = tx.first("SELECT note FROM audit_checkpoint WHERE size = ?", size)) return last->text(0);
  auto note = signed_note(state, signer);
  tx.run("INSERT INTO audit_checkpoint (size, time, note) VALUES (?, ?, ?)", size, now, note);
  return note;
}

std::vector<std::string> checkpoints(store::reading& now) {
  std::vector<std::string> notes;
  now.each("SELECT note FROM audit_checkpoint ORDER BY size",
           [&](store::row const& one) { notes.push_back(one.text(0)); });
  return notes;
}

std::string newest_checkpoint(store::reading& now) {
  auto const last = now.first("SELECT note FROM audit_checkpoint ORDER BY size DESC LIMIT 1");
  return last ? last->text(0) : std::string();
}

checkpoint current_state(store::reading& now, std::string const& origin) {
  auto const tree = frontier(now);
  return {origin, tree.size(), tree.root()};
}

result<proof> prove_inclusion(store::reading& now, std::int64_t seq, std::uint64_t size) {
  auto const leaves = hashes(now, size);
  if (leaves.size() != size || seq < 1 || static_cast<std::uint64_t>(seq) > size) return out_of_range();
  return inclusion_proof(leaves, static_cast<std::uint64_t>(seq) - 1);
}

result<proof> prove_consistency(store::reading& now, std::uint64_t old_size, std::uint64_t new_size) {
  auto const leaves = hashes(now, new_size);
  if (leaves.size() != new_size || old_size == 0 || old_size > new_size) return out_of_range();
  return consistency_proof(leaves, old_size);
}

}  // namespace ehds::node::audit
