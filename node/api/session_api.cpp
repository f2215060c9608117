// Sign in and out. Programs get a bearer token; pages set the same token as a cookie.
#include <nlohmann/json.hpp>

#include "node/api/answers.hpp"
#include "node/api/gate.hpp"
#include "node/api/surfaces.hpp"

namespace ehds::node::api {
namespace {

using nlohmann::json;

json roles_of(identity::actor const& who) {
  json names = json::array();
  for (auto const role : who.roles) names.push_back(identity::to_text(role));
  return names;
}

http::response sign_in(rooms& house, http::request const& asked) {
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  for (std::string const member : {"account", "password"})
    if (text_in(*body, member).empty())
      return refuse(problem{"api.json", "the " + member + " is missing, or no text", "/" + member,
                            R"(send {"account": "...", "password": "..."})"});
  auto const who = house.accounts->sign_in(text_in(*body, "account"), text_in(*body, "password"), asked.peer_address);
  if (!who) return refuse(who.error());
  auto const session = house.sessions->open(who->id);
  if (!session) return refuse(session.error());
  return answer_json({{"token", session->token},
                      {"expires", to_rfc3339(session->expires)},
                      {"account", who->id},
                      {"roles", roles_of(*who)}},
                     201);
}

http::response look(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked);
  if (!who) return refuse(who.error());
  json answer{
      {"account", who->id}, {"organisation", who->organisation}, {"country", who->country}, {"roles", roles_of(*who)}};
  if (auto const live = house.sessions->find(asked.cookie(session_cookie))) answer["csrf_token"] = live->csrf_token;
  return answer_json(answer);
}

http::response sign_out(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked); !who) return refuse(who.error());
  auto const header = asked.header("Authorization");
  auto const token = header.starts_with("Bearer ") ? header.substr(7) : asked.cookie(session_cookie);
  if (auto const done = house.sessions->end(token); !done) return refuse(done.error());
  return http::no_content();
}

}  // namespace

std::vector<http::route> session_routes(rooms& house) {
  return {{"POST", "/api/session", [&house](auto& asked) { return sign_in(house, asked); }, 16 * 1024},
          {"GET", "/api/session", [&house](auto& asked) { return look(house, asked); }},
          {"DELETE", "/api/session", [&house](auto& asked) { return sign_out(house, asked); }}};
}

}  // namespace ehds::node::api
