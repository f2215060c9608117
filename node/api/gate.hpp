#pragma once
// Who asks, and may he? A person by session (cookie for pages, bearer token for programs), a national system by
// X-API-Key, or by the same key as password of Basic authentication. What changes something with a cookie must also
// carry the session's CSRF token.
#include <initializer_list>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "node/api/rooms.hpp"
#include "node/http/request.hpp"
#include "node/identity/roles.hpp"

namespace ehds::node::api {

inline constexpr std::string_view session_cookie = "ehds_session";

// As Basic authentication gives them (RFC 7617); none without it.
struct basic_login {
  std::string user;
  std::string password;
};
std::optional<basic_login> basic_login_of(http::request const& asked);

// Nobody is no problem here: public surfaces ask this one.
std::optional<identity::actor> who_asks(rooms const& house, http::request const& asked);

// Problems: api.unauthenticated (401), api.forbidden (403, names the roles that may), api.csrf (403).
// No roles: anybody who is signed in.
result<identity::actor> admit(rooms const& house, http::request const& asked,
                              std::initializer_list<identity::role> roles = {});

// A program of the country: role back_end, and whose messages it exchanges. Its key says that; one that says nothing is
// of the only back end there is, and of none where there are several (api.forbidden).
struct back_end_caller {
  identity::actor who;
  std::string back_end;
};
result<back_end_caller> admit_back_end(rooms const& house, http::request const& asked);

}  // namespace ehds::node::api
