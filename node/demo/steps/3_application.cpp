// A researcher searches at the centre and fills the single application for two countries.
#include <fstream>
#include <sstream>

#include "node/demo/answers.hpp"
#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {

using nlohmann::json;

void step_3_application(network& net, told& so_far) {
  tell_step(3, "A researcher applies once, for data of two countries");
  auto& researcher = net.as("EU", "researcher");
  auto const found = researcher.read("/api/datasets?q=diabetes");
  tell("a search for \"diabetes\" at the centre finds " + std::to_string(found.at("total").get<int>()) + " datasets");
  auto const draft = begin_draft(net, "DATA_ACCESS_APPLICATION", {{"FR", "FR-SNDS"}, {"FI", "FI-HILMO"}});
  auto const early = researcher.post("/api/drafts/" + segment(draft) + "/submission", json::object());
  must(early.status == 422, "an empty application was taken");
  tell("submitted too early: refused with " + std::to_string(early.body.at("problems").size()) +
       " findings in one list, the first: " + early.body.at("problems").at(0).at("detail").get<std::string>());
  fill_draft(net, draft, "answers/access_application.json");
  auto const check = researcher.read("/api/drafts/" + segment(draft) + "/findings");
  must(check.at("complete").get<bool>(), "the filled form still has findings: " + check.at("problems").dump());
  tell("the form of Art. 67 is complete, with an attachment");
  net.kill("FI");
  tell("Finland's node loses power before the submission");
  so_far.application = submit_draft(net, draft, "submit-access");
  tell("submitted as " + so_far.application);
  tell_open("the application's status", net.node("EU").url() + "/applications/" + so_far.application);
}

}  // namespace ehds::node::demo
