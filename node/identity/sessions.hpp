#pragma once
// Who is signed in. The browser holds a random token; the store holds its SHA-256 only.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node/identity/roles.hpp"

namespace ehds::node::store {
class database;
}

namespace ehds::node::identity {

struct session_rules {
  std::chrono::minutes idle{60};       // without a request
  std::chrono::minutes whole{8 * 60};  // from sign-in
};

struct opened_session {
  std::string token;  // for the cookie, 43 characters
  instant expires;
};

struct live_session {
  actor who;               // as the account is now, not as it was at sign-in
  std::string csrf_token;  // belongs into every form; compare with csrf_fits
};

class sessions {
 public:
  sessions(store::database& db, clock const& time, session_rules rules = {}) : db_(db), clock_(time), rules_(rules) {}

  result<opened_session> open(std::string_view account_id);
  // None when unknown, expired, ended, or when the account was disabled.
  std::optional<live_session> find(std::string_view token);
  result<void> end(std::string_view token);
  result<void> end_all_of(std::string_view account_id);
  result<void> sweep();  // forgets the expired ones

 private:
  store::database& db_;
  clock const& clock_;
  session_rules rules_;
};

// Constant time; false for an empty one.
bool csrf_fits(live_session const& session, std::string_view from_form);

}  // namespace ehds::node::identity
