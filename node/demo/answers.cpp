#include "node/demo/answers.hpp"

#include <fstream>
#include <sstream>

#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;

json read_json(std::filesystem::path const& file) {
  std::ifstream in(file);
  must(static_cast<bool>(in), file.string() + " is missing");
  auto read = json::parse(in, nullptr, false, true);
  must(!read.is_discarded(), file.string() + " is no JSON");
  return read;
}

// Puts the attachment's {id, name, size} wherever the answers say "@file".
void name_file(json& answer, json const& file) {
  if (answer == "@file") answer = file;
  if (answer.is_structured())
    for (auto& part : answer) name_file(part, file);
}

}  // namespace

std::string begin_draft(network& net, std::string const& type,
                        std::vector<std::pair<std::string, std::string>> const& datasets) {
  auto& researcher = net.as("EU", "researcher");
  auto const draft = researcher.send("/api/drafts", {{"application_type", type}}).at("draft_id").get<std::string>();
  json basket = json::array();
  for (auto const& [country, id] : datasets) {
    auto const record = researcher.read("/api/datasets/" + segment(id));
    basket.push_back({{"dataset_id", id},
                      {"catalogue_id", country},
                      {"title", record.at("titles").value("en", id)},
                      {"country", country},
                      {"hdab", net.node(country).authority},
                      {"publisher", record.at("publisher").at("name")}});
  }
  auto const put = researcher.put("/api/drafts/" + segment(draft) + "/datasets", json{{"datasets", basket}}.dump());
  must(put.status == 204, "the basket was not taken: " + put.text);
  return draft;
}

void fill_draft(network& net, std::string const& draft, std::string const& answers_file) {
  auto& researcher = net.as("EU", "researcher");
  auto const base = "/api/drafts/" + segment(draft);
  auto answers = read_json(net.file(answers_file));
  std::ifstream pdf(net.file("answers/research_plan.odt"), std::ios::binary);
  std::ostringstream bytes;
  bytes << pdf.rdbuf();
  auto const kept = researcher.put(base + "/files/research_plan.odt", bytes.str(), "application/octet-stream");
  must(kept.status == 201, "the attachment was not taken: " + kept.text);
  for (auto& [section, answer] : answers.items()) {
    name_file(answer, kept.body);
    auto const put = researcher.put(base + "/sections/" + section, answer.dump());
    must(put.status == 200, section + " was not taken: " + put.text);
  }
}

std::string submit_draft(network& net, std::string const& draft, std::string const& key) {
  return net.as("EU", "researcher")
      .send("/api/drafts/" + segment(draft) + "/submission", json::object(), key + draft)
      .at("application_id")
      .get<std::string>();
}

json status_at_centre(network& net, std::string const& application, std::string const& country) {
  auto const page = net.as("EU", "researcher").read("/api/applications/" + segment(application));
  for (auto const& cell : page.at("authorities"))
    if (cell.at("country") == country) return cell;
  throw story_error("the centre has no status of " + country + " for " + application);
}

std::string case_of(network& net, std::string const& country, std::string const& application) {
  std::string id;
  wait_until(country + " opens a case for " + application, [&] {
    auto const found = net.as(country, "screener").read("/api/cases?application=" + segment(application)).at("cases");
    if (found.empty()) return false;
    must(found.size() == 1, country + " opened " + std::to_string(found.size()) + " cases for one application");
    id = found.at(0).at("case_id").get<std::string>();
    return true;
  });
  return id;
}

json command(network& net, std::string const& country, std::string const& officer, std::string const& case_id,
             std::string const& verb, json const& particulars) {
  return net.as(country, officer)
      .send("/api/cases/" + segment(case_id) + "/commands", {{"verb", verb}, {"particulars", particulars}},
            case_id + "/" + verb + "/" + officer);
}

}  // namespace ehds::node::demo
