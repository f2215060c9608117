#include "node/identity/sessions.hpp"

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/identity/tables.hpp"
#include "node/store/database.hpp"

namespace ehds::node::identity {

namespace {

// How stale the time of the last request may be: so that reading pages writes little.
constexpr std::chrono::minutes seen_precision{1};

// Not stored: it follows from the token, which the store does not know either.
std::string csrf_of(std::string_view token) { return to_base64url(sha256("csrf:" + std::string{token})); }

}  // namespace

result<opened_session> sessions::open(std::string_view account_id) {
  auto const now = clock_.now();
  opened_session opened{to_base64url(random_bytes(32)), now + rules_.whole};
  auto const done = db_.commit([&](store::transaction& tx) -> result<void> {
    tx.run("INSERT INTO identity_session (token_hash, account_id, opened, seen) VALUES (?, ?, ?, ?)",
           token_hash(opened.token), account_id, now, now);
    return {};
  });
  if (!done) return done.error();
  return opened;
}

std::optional<live_session> sessions::find(std::string_view token) {
  if (token.empty() || token.size() > 256) return std::nullopt;
  auto const now = clock_.now();
  auto const hash = token_hash(token);
  auto const row = db_.read([&](store::reading& db) {
    return db.first(
        "SELECT a.id, a.display_name, a.organisation, a.country, a.roles, s.seen FROM identity_session s"
        " JOIN identity_account a ON a.id = s.account_id AND a.disabled = 0"
        " WHERE s.token_hash = ? AND s.opened > ? AND s.seen > ?",
        hash, now - rules_.whole, now - rules_.idle);
  });
  if (!row) return std::nullopt;
  if (now - row->time(5) >= seen_precision) {
    // When the disk is full people may still read; the session then ends by its old time.
    static_cast<void>(db_.commit([&](store::transaction& tx) -> result<void> {
      tx.run("UPDATE identity_session SET seen = ? WHERE token_hash = ? AND seen < ?", now, hash, now);
      return {};
    }));
  }
  return live_session{actor_from(*row), csrf_of(token)};
}

result<void> sessions::end(std::string_view token) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    tx.run("DELETE FROM identity_session WHERE token_hash = ?", token_hash(token));
    return {};
  });
}

result<void> sessions::end_all_of(std::string_view account_id) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    tx.run("DELETE FROM identity_session WHERE account_id = ?", account_id);
    return {};
  });
}

result<void> sessions::sweep() {
  auto const now = clock_.now();
  return db_.commit([&](store::transaction& tx) -> result<void> {
    tx.run("DELETE FROM identity_session WHERE opened <= ? OR seen <= ?", now - rules_.whole, now - rules_.idle);
    return {};
  });
}

bool csrf_fits(live_session const& session, std::string_view from_form) {
  return !from_form.empty() && equal_in_constant_time(session.csrf_token, from_form);
}

}  // namespace ehds::node::identity
