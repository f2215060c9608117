#include "node/api/case_words.hpp"

#include <nlohmann/json.hpp>

namespace ehds::node::api {

using nlohmann::json;

access::case_actor as_case_actor(identity::actor const& who) {
  access::case_actor actor;
  actor.id = who.id;
  actor.name = who.display_name;
  actor.job_title = who.organisation;
  for (auto const role : who.roles) actor.roles.emplace_back(identity::to_text(role));
  return actor;
}

json grounds_json(std::vector<access::decision_ground> const& grounds) {
  json all = json::array();
  for (auto const& ground : grounds) all.push_back({{"criterion", ground.criterion}, {"text", ground.text}});
  return all;
}

json problems_json(problems const& found) {
  json all = json::array();
  for (auto const& p : found)
    all.push_back({{"code", p.code}, {"detail", p.detail}, {"where", p.where}, {"mend", p.mend}});
  return all;
}

}  // namespace ehds::node::api
