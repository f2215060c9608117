#include "node/api/gate.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "node/exchange/dispatcher.hpp"

namespace ehds::node::api {
namespace {

bool changes_something(http::request const& asked) {
  return asked.method != "GET" && asked.method != "HEAD" && asked.method != "OPTIONS";
}

std::string_view bearer_token(http::request const& asked) {
  constexpr std::string_view scheme = "Bearer ";
  auto const value = asked.header("Authorization");
  return value.starts_with(scheme) ? value.substr(scheme.size()) : std::string_view{};
}

struct caller {
  identity::actor who;
  bool by_cookie = false;
  bool csrf_given = false;
};

std::optional<caller> identify(rooms const& house, http::request const& asked) {
  // Programs that know no other way to say who they are: the password is a key, the user name is theirs to choose.
  auto const login = basic_login_of(asked);
  auto const password = login ? login->password : std::string();
  if (auto const key = password.empty() ? asked.header("X-API-Key") : std::string_view(password); !key.empty()) {
    auto who = house.api_keys->find(key);
    if (!who) return std::nullopt;
    return caller{std::move(*who), false, true};
  }
  if (auto const token = bearer_token(asked); !token.empty()) {
    auto live = house.sessions->find(token);
    if (!live) return std::nullopt;
    return caller{std::move(live->who), false, true};
  }
  auto const cookie = asked.cookie(session_cookie);
  if (cookie.empty()) return std::nullopt;
  auto live = house.sessions->find(cookie);
  if (!live) return std::nullopt;
  bool const fits = identity::csrf_fits(*live, asked.header("X-CSRF-Token"));
  return caller{std::move(live->who), true, fits};
}

problem not_among(std::initializer_list<identity::role> roles) {
  std::string names;
  for (auto const role : roles) names += (names.empty() ? "" : ", ") + std::string(identity::to_text(role));
  return {"api.forbidden", "this needs one of the roles: " + names, {}, "sign in with an account that holds one"};
}

}  // namespace

std::optional<basic_login> basic_login_of(http::request const& asked) {
  constexpr std::string_view scheme = "Basic ";
  auto const value = asked.header("Authorization");
  auto const pair = value.starts_with(scheme) ? from_base64(value.substr(scheme.size())) : result<std::string>("");
  auto const colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  return basic_login{pair->substr(0, colon), pair->substr(colon + 1)};
}

std::optional<identity::actor> who_asks(rooms const& house, http::request const& asked) {
  auto known = identify(house, asked);
  if (!known) return std::nullopt;
  return std::move(known->who);
}

result<identity::actor> admit(rooms const& house, http::request const& asked,
                              std::initializer_list<identity::role> roles) {
  auto known = identify(house, asked);
  if (!known)
    return problem{"api.unauthenticated",
                   "this needs a signed-in person or a known system",
                   {},
                   "POST /api/session for a bearer token, or send X-API-Key"};
  if (known->by_cookie && !known->csrf_given && changes_something(asked))
    return problem{"api.csrf", "the request does not carry the session's CSRF token", "X-CSRF-Token",
                   "send the token of GET /api/session"};
  if (roles.size() > 0 && std::ranges::none_of(roles, [&](identity::role r) { return known->who.may(r); }))
    return not_among(roles);
  return std::move(known->who);
}

result<back_end_caller> admit_back_end(rooms const& house, http::request const& asked) {
  auto who = admit(house, asked, {identity::role::back_end});
  if (!who) return std::move(who).error();
  auto name = who->back_end;
  auto const& all = house.messages->settings().back_ends.all();
  if (name.empty() && all.size() == 1) name = all.front().name;
  if (name.empty())
    return problem{"api.forbidden", "nothing says which back end this is", {}, "use a key that was issued for one"};
  return back_end_caller{*std::move(who), std::move(name)};
}

}  // namespace ehds::node::api
