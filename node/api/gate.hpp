#pragma once
// Who asks, and may he? A person by session (cookie for pages, bearer token for programs), a national system by
// X-API-Key, or by the same key as password of Basic authentication. What changes something with a cookie must also
// carry the session's CSRF token.
#include <initializer_list>
#include <optional>

#include "base/result.hpp"
#include "node/api/rooms.hpp"
#include "node/http/request.hpp"
#include "node/identity/roles.hpp"

namespace ehds::node::api {

inline constexpr std::string_view session_cookie = "ehds_session";

// Nobody is no problem here: public surfaces ask this one.
std::optional<identity::actor> who_asks(rooms const& house, http::request const& asked);

// Problems: api.unauthenticated (401), api.forbidden (403, names the roles that may), api.csrf (403).
// No roles: anybody who is signed in.
result<identity::actor> admit(rooms const& house, http::request const& asked,
                              std::initializer_list<identity::role> roles = {});

}  // namespace ehds::node::api
