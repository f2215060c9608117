#include "node/identity/api_keys.hpp"

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/identity/tables.hpp"
#include "node/store/database.hpp"

namespace ehds::node::identity {

namespace {

constexpr std::size_t shortest_key = 24;

result<void> keep(store::database& db, std::string const& id, std::string const& hash, actor const& who,
                  std::optional<instant> expires, instant now, beside_key const& beside = {}) {
  return db.commit([&](store::transaction& tx) -> result<void> {
    tx.run(
        "INSERT INTO identity_api_key (id, key_hash, display_name, organisation, country, roles, expires, created, "
        "back_end) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        id, hash, who.display_name, who.organisation, who.country, roles_text(who.roles), expires, now, who.back_end);
    if (beside) beside(tx, id);
    return {};
  });
}

actor holder_from(store::row const& row) {
  auto who = actor_from(row);
  who.back_end = row.text(5);
  return who;
}

}  // namespace

result<issued_api_key> api_keys::issue(actor who, std::optional<instant> expires, beside_key const& beside) {
  if (auto const conflicts = conflicting_duties(who.roles); !conflicts.empty()) return conflicts.front();
  issued_api_key made;
  made.id = to_hex(random_bytes(8));
  made.text = "ehds_" + made.id + "_" + to_base64url(random_bytes(32));
  auto const kept = keep(db_, made.id, token_hash(made.text), who, expires, clock_.now(), beside);
  if (!kept) return kept.error();
  return made;
}

result<void> api_keys::adopt(std::string_view text, actor who) {
  if (text.size() < shortest_key || text.size() > 256) {
    return problem{"identity.api_key", "An API key has 24 to 256 characters.", "", "Let the node issue one."};
  }
  if (auto const conflicts = conflicting_duties(who.roles); !conflicts.empty()) return conflicts.front();
  auto const hash = token_hash(text);
  return keep(db_, hash.substr(0, 16), hash, who, std::nullopt, clock_.now());
}

result<void> api_keys::revoke(std::string_view key_id, beside_key const& beside) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    if (tx.run("UPDATE identity_api_key SET revoked = 1 WHERE id = ?", key_id) == 1) {
      if (beside) beside(tx, key_id);
      return {};
    }
    return problem{"identity.api_key", "There is no such API key.", "id", "Look the id up in the list of keys."};
  });
}

std::optional<actor> api_keys::find(std::string_view text) const {
  if (text.size() < shortest_key || text.size() > 256) return std::nullopt;
  auto const now = clock_.now();
  return db_.read([&](store::reading& db) -> std::optional<actor> {
    auto const row = db.first(
        "SELECT 'key:' || id, display_name, organisation, country, roles, back_end FROM identity_api_key"
        " WHERE key_hash = ? AND revoked = 0 AND (expires IS NULL OR expires > ?)",
        token_hash(text), now);
    if (!row) return std::nullopt;
    return holder_from(*row);
  });
}

std::vector<kept_api_key> api_keys::list() const {
  return db_.read([](store::reading& db) {
    std::vector<kept_api_key> all;
    db.each(
        "SELECT 'key:' || id, display_name, organisation, country, roles, back_end, id, created, expires "
        "FROM identity_api_key WHERE revoked = 0 ORDER BY created, id",
        [&](store::row const& row) { all.push_back({row.text(6), holder_from(row), row.time(7), row.maybe_time(8)}); });
    return all;
  });
}

}  // namespace ehds::node::identity
