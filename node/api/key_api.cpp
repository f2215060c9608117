// Keys of national systems (X-API-Key): the operator issues one, which is shown once, and takes it back. A key holds no
// role of those who run or audit the node: it could otherwise make keys, or check its own deeds.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "node/api/answers.hpp"
#include "node/api/gate.hpp"
#include "node/api/surfaces.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/dispatcher.hpp"

namespace ehds::node::api {
namespace {

using identity::role;
using nlohmann::json;

problem bad_key(std::string detail, std::string where, std::string mend) {
  return {"identity.api_key", std::move(detail), std::move(where), std::move(mend)};
}

bool is_for_persons(role one) { return one == role::operator_ || one == role::auditor; }

std::string roles_of_keys() {
  std::string all;
  for (auto const one : identity::all_roles())
    if (!is_for_persons(one)) all += (all.empty() ? "" : ", ") + std::string(to_text(one));
  return all;
}

result<identity::roles> roles_in(json const& body) {
  auto const found = body.find("roles");
  if (found == body.end() || !found->is_array() || found->empty())
    return bad_key("a key needs a list of roles", "/roles", "list some of " + roles_of_keys());
  identity::roles roles;
  for (auto const& word : *found) {
    auto const one = word.is_string() ? identity::role_of(word.get<std::string>()) : std::nullopt;
    if (!one) return bad_key("there is no such role", "/roles", "use some of " + roles_of_keys());
    if (is_for_persons(*one))
      return bad_key("a key is never operator or auditor: those are persons", "/roles", "leave the role out");
    roles.insert(*one);
  }
  return roles;
}

// Which back end's messages the key opens: the one that is named, or the only one there is.
result<std::string> back_end_in(json const& body, identity::roles const& roles, rooms const& house) {
  auto const name = text_in(body, "back_end");
  if (!roles.contains(role::back_end)) {
    if (name.empty()) return std::string();
    return bad_key("only a key with the role back_end is for a back end", "/back_end", "leave it out");
  }
  auto const all =
      house.messages == nullptr ? std::vector<exchange::back_end>() : house.messages->settings().back_ends.all();
  if (name.empty() && all.size() < 2) return all.empty() ? std::string() : all.front().name;
  if (std::ranges::find(all, name, &exchange::back_end::name) != all.end()) return name;
  return bad_key(name.empty() ? "the key does not say which back end it is for" : "there is no back end of this name",
                 "/back_end", "write a name of back_ends in the configuration");
}

identity::beside_key note(rooms& house, std::string const& operator_id, char const* action) {
  return [&house, operator_id, action](store::transaction& tx, std::string_view key_id) {
    audit::append(tx, house.wall->now(), {operator_id, action, "key:" + std::string(key_id), "done"});
  };
}

http::response issue(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::operator_});
  if (!who) return refuse(who.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  if (auto const known = only_members(*body, {"name", "roles", "back_end"}); !known) return refuse(known.error());
  auto const roles = roles_in(*body);
  if (!roles) return refuse(roles.error());
  auto const name = text_in(*body, "name");
  if (name.empty() || name.size() > 200) return refuse(bad_key("a key needs a name", "/name", "give 1 to 200 bytes"));
  auto back_end = back_end_in(*body, *roles, house);
  if (!back_end) return refuse(back_end.error());
  auto const made = house.api_keys->issue({"", name, house.self.name, house.self.country, *roles, *std::move(back_end)},
                                          std::nullopt, note(house, who->id, "key.issued"));
  if (!made) return refuse(made.error());
  return answer_json({{"id", made->id}, {"key", made->text}}, 201);
}

json key_json(identity::kept_api_key const& key) {
  json roles = json::array();
  for (auto const one : key.who.roles) roles.push_back(to_text(one));
  return {{"id", key.id},
          {"name", key.who.display_name},
          {"roles", roles},
          {"back_end", key.who.back_end.empty() ? json(nullptr) : json(key.who.back_end)},
          {"created", to_rfc3339(key.created)},
          {"expires", key.expires ? json(to_rfc3339(*key.expires)) : json(nullptr)}};
}

// Without their secrets, which nobody has: the id stands in the key itself, behind "ehds_".
http::response list(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::operator_, role::auditor}); !who) return refuse(who.error());
  json all = json::array();
  for (auto const& key : house.api_keys->list()) all.push_back(key_json(key));
  return answer_json({{"keys", all}});
}

http::response revoke(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::operator_});
  if (!who) return refuse(who.error());
  auto const done = house.api_keys->revoke(asked.parameter("key"), note(house, who->id, "key.revoked"));
  if (!done && done.error().code == "identity.api_key")
    return refuse(
        problem{"api.not_found", "there is no such key", "/key", "GET /api/api-keys lists the keys with their ids"});
  return done ? http::no_content() : refuse(done.error());
}

}  // namespace

std::vector<http::route> key_routes(rooms& house) {
  return {{"GET", "/api/api-keys", [&house](auto& asked) { return list(house, asked); }},
          {"POST", "/api/api-keys", [&house](auto& asked) { return issue(house, asked); }, 16 * 1024},
          {"DELETE", "/api/api-keys/{key}", [&house](auto& asked) { return revoke(house, asked); }}};
}

}  // namespace ehds::node::api
