#include "node/identity/accounts.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/peer_address.hpp"
#include "node/identity/passwords.hpp"
#include "node/identity/tables.hpp"
#include "node/store/database.hpp"

namespace ehds::node::identity {

namespace {

constexpr std::chrono::minutes failure_window{15};
constexpr std::int64_t failures_from_one_place = 5;
constexpr std::int64_t failures_altogether = 50;

problem no_such_account() {
  return {"identity.account", "There is no such account.", "id", "Look the id up in the list of accounts."};
}

problem not_signed_in() {
  return {"identity.sign_in", "Name or password is not right.", "",
          "Try again, or ask the operator for a new password."};
}

}  // namespace

result<void> acceptable_account(new_account const& account) {
  auto const plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || c == '@';
  };
  if (account.who.id.empty() || account.who.id.size() > 64 || !std::ranges::all_of(account.who.id, plain)) {
    return problem{"identity.account", "An account id has 1 to 64 letters, digits, '.', '-', '_' or '@'.", "id", ""};
  }
  if (auto const conflicts = conflicting_duties(account.who.roles); !conflicts.empty()) return conflicts.front();
  return acceptable_password(account.password, account.who.id);
}

result<void> accounts::create(new_account const& account) {
  if (auto const good = acceptable_account(account); !good) return good;
  auto const hash = hash_password(account.password);
  auto const now = clock_.now();
  return db_.commit([&](store::transaction& tx) -> result<void> {
    auto const& who = account.who;
    auto const made = tx.run(
        "INSERT INTO identity_account (id, display_name, organisation, country, roles, password_hash, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        who.id, who.display_name, who.organisation, who.country, roles_text(who.roles), hash, now);
    if (made == 1) return {};
    return problem{"identity.account.taken", "There is an account of that id already.", "id", "Choose another id."};
  });
}

result<void> accounts::create_missing(std::vector<new_account> const& list) {
  for (auto const& account : list) {
    auto const there = db_.read([&](store::reading& now) {
      return now.first("SELECT 1 FROM identity_account WHERE id = ?", account.who.id).has_value();
    });
    if (there) continue;
    auto const made = create(account);
    if (!made) return problem{made.error().code, made.error().detail, account.who.id, made.error().mend};
  }
  return {};
}

result<void> accounts::change_password(std::string_view id, std::string_view password) {
  if (auto const good = acceptable_password(password, id); !good) return good;
  auto const hash = hash_password(password);
  return db_.commit([&](store::transaction& tx) -> result<void> {
    if (tx.run("UPDATE identity_account SET password_hash = ? WHERE id = ?", hash, id) == 0) return no_such_account();
    tx.run("DELETE FROM identity_session WHERE account_id = ?", id);
    return {};
  });
}

result<void> accounts::change_roles(std::string_view id, roles const& held) {
  if (auto const conflicts = conflicting_duties(held); !conflicts.empty()) return conflicts.front();
  return db_.commit([&](store::transaction& tx) -> result<void> {
    if (tx.run("UPDATE identity_account SET roles = ? WHERE id = ?", roles_text(held), id) == 0)
      return no_such_account();
    return {};
  });
}

result<void> accounts::disable(std::string_view id) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    if (tx.run("UPDATE identity_account SET disabled = 1 WHERE id = ?", id) == 0) return no_such_account();
    tx.run("DELETE FROM identity_session WHERE account_id = ?", id);
    return {};
  });
}

result<actor> accounts::sign_in(std::string_view id, std::string_view password, std::string_view peer_address) {
  auto const now = clock_.now();
  auto const since = now - failure_window;
  auto const who = sha256_hex(id);
  auto const place = sha256_hex(peer_network(peer_address));
  auto const [here, altogether, row] = db_.read([&](store::reading& db) {
    auto const counts =
        db.first("SELECT count(*) FILTER (WHERE place = ?), count(*) FROM identity_failure WHERE who = ? AND at > ?",
                 place, who, since);
    return std::tuple{counts->integer(0), counts->integer(1),
                      db.first("SELECT id, display_name, organisation, country, roles, password_hash"
                               " FROM identity_account WHERE id = ? AND disabled = 0",
                               id)};
  });
  if (here >= failures_from_one_place || altogether >= failures_altogether) {
    return problem{"identity.throttled", "Too many failed attempts.", "", "Wait a quarter of an hour."};
  }
  bool const good = row ? password_matches(password, row->text(5)) : password_of_nobody(password);
  if (good) return actor_from(*row);
  auto const noted = db_.commit([&](store::transaction& tx) -> result<void> {
    tx.run("DELETE FROM identity_failure WHERE at <= ?", since);
    tx.run("INSERT INTO identity_failure (who, place, at) VALUES (?, ?, ?)", who, place, now);
    return {};
  });
  // An attempt that cannot be counted could be repeated without end.
  if (!noted) return noted.error();
  return not_signed_in();
}

std::optional<actor> accounts::find(std::string_view id) const {
  return db_.read([&](store::reading& now) -> std::optional<actor> {
    auto const row = now.first(
        "SELECT id, display_name, organisation, country, roles FROM identity_account WHERE id = ? AND disabled = 0",
        id);
    if (!row) return std::nullopt;
    return actor_from(*row);
  });
}

std::vector<actor> accounts::list() const {
  return db_.read([](store::reading& now) {
    std::vector<actor> all;
    now.each(
        "SELECT id, display_name, organisation, country, roles FROM identity_account WHERE disabled = 0 ORDER BY id",
        [&](store::row const& row) { all.push_back(actor_from(row)); });
    return all;
  });
}

}  // namespace ehds::node::identity
