// The tables of this room and how an actor is kept in them.
#include "node/identity/tables.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "node/identity/accounts.hpp"
#include "node/store/database.hpp"

namespace ehds::node::identity {

std::vector<store::migration> migrations() {
  return {
      {"identity", 1,
       "CREATE TABLE identity_account ("
       " id TEXT PRIMARY KEY, display_name TEXT NOT NULL, organisation TEXT NOT NULL, country TEXT NOT NULL,"
       " roles TEXT NOT NULL, password_hash TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0,"
       " created INTEGER NOT NULL) WITHOUT ROWID;"
       "CREATE TABLE identity_session ("
       " token_hash TEXT PRIMARY KEY, account_id TEXT NOT NULL, opened INTEGER NOT NULL, seen INTEGER NOT NULL)"
       " WITHOUT ROWID;"
       "CREATE INDEX identity_session_account ON identity_session (account_id);"
       "CREATE TABLE identity_api_key ("
       " id TEXT PRIMARY KEY, key_hash TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, organisation TEXT NOT NULL,"
       " country TEXT NOT NULL, roles TEXT NOT NULL, expires INTEGER, revoked INTEGER NOT NULL DEFAULT 0,"
       " created INTEGER NOT NULL) WITHOUT ROWID;"
       // Who failed to sign in, from where: hashes, because people type passwords into the field of the name.
       "CREATE TABLE identity_failure (who TEXT NOT NULL, place TEXT NOT NULL, at INTEGER NOT NULL);"
       "CREATE INDEX identity_failure_who ON identity_failure (who, at);"},
      {"identity", 2, "ALTER TABLE identity_api_key ADD COLUMN back_end TEXT NOT NULL DEFAULT ''"}};
}

std::string roles_text(roles const& held) {
  std::string text;
  for (auto const r : held) text += (text.empty() ? "" : " ") + std::string{to_text(r)};
  return text;
}

roles roles_from(std::string_view text) {
  roles held;
  while (!text.empty()) {
    auto const end = std::min(text.find(' '), text.size());
    if (auto const r = role_of(text.substr(0, end))) held.insert(*r);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return held;
}

actor actor_from(store::row const& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), roles_from(row.text(4))};
}

std::string token_hash(std::string_view token) { return sha256_hex(token); }

}  // namespace ehds::node::identity
