// Records go to the centre over AS4, as RDF/XML inside a JSON message; the centre stamps who sent it, answers, and
// finds it.

#include "base/files.hpp"
#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;

std::string path_of(std::string const& id) { return "/api/datasets/" + segment(id); }

std::vector<std::string> ids_at(rest& node) {
  std::vector<std::string> ids;
  for (auto const& hit : node.read("/api/datasets?limit=100").at("datasets"))
    ids.push_back(hit.at("id").get<std::string>());
  return ids;
}

// A story that is told again finds the record withdrawn, as it was left.
void bring_back(network& net, std::string const& country, std::string const& id) {
  if (net.as(country, "").get(path_of(id)).status != 410) return;
  auto const record = read_file(net.file("records/" + country + "/" + id + ".ttl")).value_or("");
  auto const put = net.as(country, "editor").put("/api/datasets", record, "text/turtle");
  must(put.status == 201, "the withdrawn record was not taken again: " + put.text);
}

void publish(network& net, std::string const& country, std::string const& id) {
  auto const answer = net.as(country, "editor").post(path_of(id) + "/publication", json::object());
  must(answer.status == 204, country + " could not publish " + id + ": " + answer.text);
}

json accepted(network& net, std::string const& country, std::string const& id) {
  json record;
  wait_until("the centre answers " + country + " about " + id, [&] {
    record = net.as(country, "").read(path_of(id));
    return record.at("publication").at("state") != "sent";
  });
  must(record.at("publication").at("state") == "accepted",
       "the centre refused " + id + ": " + record.at("publication").dump());
  return record;
}

void check_stamps(network& net, std::string const& country, json const& record) {
  auto const there = net.as("EU", "").read(path_of(record.at("id").get<std::string>()));
  must(there.at("nation") == country, "the centre stamped another nation");
  must(there.at("access_point") == country, "the centre stamped another access point");
  must(there.at("message_id") == record.at("publication").at("message_id"), "the centre stamped another message id");
}

void update_and_delete(network& net, std::string const& id) {
  auto& editor = net.as("FR", "editor");
  auto const turtle = editor.get(path_of(id) + "?format=ttl");
  must(turtle.status == 200, "the record cannot be read as Turtle");
  auto changed = turtle.text;
  auto const at = changed.find("(demonstration)");
  must(at != std::string::npos, "the record has no title to change");
  changed.replace(at, 15, "(demonstration, second edition)");
  auto const put = editor.put("/api/datasets", changed, "text/turtle");
  must(put.status == 200, "the new version was not taken: " + put.text);
  wait_until("the centre has the second edition",
             [&] { return net.as("EU", "").read("/api/datasets?q=second+edition").at("total") == 1; });
  tell("an update followed by itself: the centre finds the second edition");
  must(editor.remove(path_of(id)).status == 204, "the record could not be withdrawn");
  wait_until("the centre says gone", [&] { return net.as("EU", "").get(path_of(id)).status == 410; });
  tell("so did a deletion: the centre answers 410 Gone for " + id);
}

}  // namespace

void step_2_publication(network& net, told&) {
  tell_step(2, "The countries publish to the centre over AS4");
  bring_back(net, "FR", "FR-ESIS");
  std::size_t published = 0;
  for (auto const& country : net.countries()) {
    auto const ids = ids_at(net.as(country, ""));
    for (auto const& id : ids) publish(net, country, id);
    for (auto const& id : ids) check_stamps(net, country, accepted(net, country, id));
    published += ids.size();
    tell(country + ": " + std::to_string(ids.size()) +
         " records sent, validated and stamped with NationID, AccessPointID and MessageID");
  }
  auto const all = net.as("EU", "").read("/api/datasets?limit=1");
  must(all.at("total").get<std::size_t>() == published, "the centre does not have every published record");
  tell_open("the centre's catalogue", net.node("EU").url() + "/");
  update_and_delete(net, "FR-ESIS");
}

}  // namespace ehds::node::demo
