#pragma once
// Keys of national systems (X-API-Key): shown once, kept as SHA-256. "ehds_<key id>_<secret>".
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "node/identity/roles.hpp"

namespace ehds::node::store {
class database;
class transaction;
}  // namespace ehds::node::store

namespace ehds::node::identity {

struct issued_api_key {
  std::string id;    // public part, for logs and revocation
  std::string text;  // the whole key; never seen again
};

// One that was issued, without its secret, of which there is only a hash.
struct kept_api_key {
  std::string id;
  actor who;
  instant created;
  std::optional<instant> expires;
};

// What must happen together with issuing or revoking, in one effect: the audit entry.
using beside_key = std::function<void(store::transaction&, std::string_view key_id)>;

class api_keys {
 public:
  api_keys(store::database& db, clock const& time) : db_(db), clock_(time) {}

  // The holder acts under `who`, whose id becomes "key:<key id>".
  result<issued_api_key> issue(actor who, std::optional<instant> expires, beside_key const& beside = {});
  // A key the operator chose, for rehearsals and migrations from another system: 24 characters at least
  // (identity.api_key). Issuing the same again changes nothing.
  result<void> adopt(std::string_view text, actor who);
  result<void> revoke(std::string_view key_id, beside_key const& beside = {});  // identity.api_key when there is none
  std::optional<actor> find(std::string_view text) const;
  std::vector<kept_api_key> list() const;  // those that were not taken back, oldest first

 private:
  store::database& db_;
  clock const& clock_;
};

}  // namespace ehds::node::identity
