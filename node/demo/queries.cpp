#include "node/demo/queries.hpp"

#include <fstream>

#include "node/demo/answers.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;

std::string dataset_of(std::string const& country) {
  return country == "FR" ? "FR-SNDS" : country == "FI" ? "FI-HILMO" : "DK-LPR";
}

// The disclosure policy that each country's pack has for these datasets.
std::string policy_of(std::string const& country) {
  return country == "FR" ? "fr-statistics" : country == "FI" ? "fi-statistics" : "dk-statistics";
}

json approval(network& net, std::string const& country, std::vector<std::string> const& names) {
  json queries = json::array();
  std::string protocol;
  for (auto const& name : names) {
    auto const query = query_text(net, name, country);
    protocol = query.at("protocol").get<std::string>();
    queries.push_back({{"dataset", dataset_of(country)}, {"query_hash", query_hash(net, country, query)}});
  }
  auto const today = net.as(country, "").read("/api/rehearsal/clock").at("now").get<std::string>().substr(0, 10);
  json const persons = country == "FR" ? json{"preparer.FR"} : json{"access_point:FR"};
  return {{"outcome", "granted"},
          {"text", "The request meets Art. 69."},
          {"grounds", json::array({{{"criterion", "69(2)(d)"}, {"text", "The tables asked for are statistical."}}})},
          {"terms",
           {{"datasets", {dataset_of(country)}},
            {"data_format", "statistics"},
            {"purpose", "Prevalence of type 2 diabetes"},
            {"persons", persons},
            {"valid_from", "2026-01-01"},
            {"valid_to", "2031-12-31"},
            {"opt_out_snapshot", today},
            {"protocol", protocol},
            {"queries", queries},
            {"disclosure_policy", policy_of(country)}}}};
}

}  // namespace

json query_text(network& net, std::string const& name, std::string const& country) {
  auto const model = country == "FR" ? "snds" : "omop";
  std::ifstream in(net.file("queries/" + name + "." + model + ".json"));
  must(static_cast<bool>(in), "the query " + name + " is missing for " + model);
  auto query = json::parse(in);
  query["dataset"] = dataset_of(country);
  return query;
}

std::string query_hash(network& net, std::string const& country, json const& query) {
  return net.as(country, "assessor").send("/api/query-checks", query).at("query_hash").get<std::string>();
}

std::string approve_queries(network& net, std::string const& country, std::string const& application,
                            std::vector<std::string> const& names) {
  auto const id = case_of(net, country, application);
  auto const decision = approval(net, country, names);
  command(net, country, "screener", id, "start_pre_screening");
  command(net, country, "screener", id, "mark_complete");
  command(net, country, "assessor", id, "propose_decision", decision);
  command(net, country, "decider", id, "decide", decision);
  wait_until("the centre shows the approval of " + country,
             [&] { return status_at_centre(net, application, country).at("status") == "POSITIVE_DECISION_ISSUED"; });
  auto const accepted = net.as("EU", "researcher")
                            .post("/api/applications/" + segment(application) + "/response",
                                  {{"country", country}, {"response", "accept"}}, "accept-" + country + application);
  must(accepted.status == 204, "the acceptance was not taken: " + accepted.text);
  wait_until(country + " issues the approval", [&] {
    return net.as(country, "decider").read("/api/cases/" + segment(id)).at("permit_status") == "GRANTED";
  });
  return id;
}

std::string ask(network& net, std::string const& name, std::string const& title, std::string const& application,
                std::map<std::string, json> const& parts) {
  auto const id = net.of_this_run(name);
  json list = json::array();
  for (auto const& [country, query] : parts) list.push_back({{"partner", country}, {"query", query}});
  net.as("FR", "preparer")
      .send("/api/questions", {{"id", id}, {"title", title}, {"application_id", application}, {"parts", list}});
  return "/api/questions/" + segment(id);
}

json answer_of(network& net, std::string const& question, std::string const& country) {
  for (auto const& answer : net.as("FR", "preparer").read(question).at("answers"))
    if (answer.at("authority") == country) return answer;
  throw story_error(country + " was not asked");
}

json job_of(network& net, std::string const& country, std::string const& question) {
  auto const id = question.substr(question.rfind('/') + 1);
  for (auto const& job : net.as(country, "releaser").read("/api/query-jobs").at("jobs"))
    if (job.at("id").get<std::string>() == "FR:" + id + "/" + country) return job;
  return {};
}

void release(network& net, std::string const& country, std::string const& question) {
  wait_until("a table waits for release in " + country, [&] {
    auto const job = job_of(net, country, question);
    must(!job.is_object() || job.at("state") != "refused",
         country + " refused: " + (job.is_object() ? job.at("reason").get<std::string>() : ""));
    return job.is_object() && job.at("state") == "awaiting_release";
  });
  auto const id = job_of(net, country, question).at("id").get<std::string>();
  auto const done = net.as(country, "releaser").post("/api/query-jobs/" + segment(id) + "/release", json::object());
  must(done.status == 204, country + " could not release: " + done.text);
  wait_until("the answer of " + country + " arrives",
             [&] { return answer_of(net, question, country).at("state") == "answered"; });
}

}  // namespace ehds::node::demo
