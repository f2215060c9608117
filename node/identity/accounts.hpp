#pragma once
// Local accounts: for nodes without single sign-on and for rehearsals. Kept in the store.
//
//   auto const who = accounts.sign_in("claire", password, now);     // result<actor>
//   auto const session = sessions.open(who->id, now);               // result<opened_session>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node/identity/roles.hpp"

namespace ehds::node::store {
class database;
struct migration;
}  // namespace ehds::node::store

namespace ehds::node::identity {

// The tables of this room: accounts, sessions, API keys, failed attempts.
std::vector<store::migration> migrations();

struct new_account {
  actor who;
  std::string password;
};

// Reads {"accounts": [{"id","display_name","organisation","country","roles":[..],"password": {"file"|"env"|"text"}}]}.
// "text" is for rehearsals. Problems name account and field.
result<std::vector<new_account>> parse_accounts(std::string_view json);

// Its id, its password, and whether one person may hold its roles together. Problems: identity.account,
// identity.password, identity.duties.
result<void> acceptable_account(new_account const& account);

class accounts {
 public:
  accounts(store::database& db, clock const& time) : db_(db), clock_(time) {}

  // Problems: identity.account.taken, identity.password, identity.duties.
  result<void> create(new_account const& account);
  // Creates those that are not there yet, leaves the others alone.
  result<void> create_missing(std::vector<new_account> const& list);
  result<void> change_password(std::string_view id, std::string_view password);
  result<void> change_roles(std::string_view id, roles const& held);
  result<void> disable(std::string_view id);  // ends its sessions too

  // One problem for every way to fail (identity.sign_in), so that nothing says which names exist; after five failures
  // within fifteen minutes identity.throttled, for known and unknown names alike.
  result<actor> sign_in(std::string_view id, std::string_view password, std::string_view peer_address);
  std::optional<actor> find(std::string_view id) const;  // enabled ones only
  std::vector<actor> list() const;

 private:
  store::database& db_;
  clock const& clock_;
};

}  // namespace ehds::node::identity
