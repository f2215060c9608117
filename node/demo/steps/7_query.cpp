// A data request (Art. 69): the same question to three countries, each with the variant for its data model, each
// approved by the hash of its query, run in its data zone, checked for what it discloses, released by an officer.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "node/demo/answers.hpp"
#include "node/demo/queries.hpp"
#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;

std::string shown(json const& number) {
  return number.is_number() ? std::to_string(number.get<std::int64_t>()) : number.get<std::string>();
}

json value_of(json const& cells, std::vector<std::string> const& labels) {
  for (auto const& cell : cells)
    if (cell.at("labels") == json(labels)) return cell.at("values").at(0);
  throw story_error("the table has no cell " + json(labels).dump());
}

void print_table(json const& pooled) {
  for (auto const& cell : pooled.at("cells")) {
    std::string line = "  ";
    for (auto const& label : cell.at("labels"))
      line += (label == "*" ? "all" : label.get<std::string>()) +
              std::string(12 - std::min<std::size_t>(11, label.get<std::string>().size()), ' ');
    tell(line + shown(cell.at("values").at(0)) + " of " + shown(cell.at("denominator")));
  }
}

// What the sqlite3 shell counts inside the country, by sex.
std::vector<std::pair<std::string, std::int64_t>> recount(network& net, std::string const& country,
                                                          std::string const& snapshot) {
  std::ostringstream text;
  text << std::ifstream(net.file(std::string("recounts/t2dm.") + (country == "FR" ? "snds" : "omop") + ".sql")).rdbuf();
  auto sql = text.str();
  for (auto at = sql.find(":snapshot'"); at != std::string::npos; at = sql.find(":snapshot'"))
    sql.replace(at, 9, snapshot);
  auto const counted =
      run_to_end({"sqlite3", "-readonly", "-separator", " ", net.health_data(country).string(), "\n" + sql});
  must(counted.code == 0, "the recount failed: " + counted.output);
  std::vector<std::pair<std::string, std::int64_t>> rows;
  std::istringstream lines(counted.output);
  std::string sex;
  for (std::int64_t persons = 0; lines >> sex >> persons;) rows.emplace_back(sex, persons);
  must(rows.size() == 2, "the recount has no two rows: " + counted.output);
  return rows;
}

void compare_with_recount(network& net, std::string const& country, std::string const& question,
                          std::string const& snapshot) {
  auto const table = answer_of(net, question, country).at("table");
  auto const rounding = table.at("policy").at("rounding").get<std::int64_t>();
  for (auto const& [sex, persons] : recount(net, country, snapshot)) {
    auto const released = value_of(table.at("cells"), {sex, "*"});
    must(released.is_number() && std::abs(released.get<std::int64_t>() - persons) < rounding,
         country + " released " + shown(released) + " for " + sex + " but a plain recount finds another number");
    tell(country + ", " + sex + ": released " + shown(released) + "; the sqlite3 shell inside the country counts " +
         std::to_string(persons) + " (rounding " + std::to_string(rounding) + ")");
  }
}

}  // namespace

void step_7_query(network& net, told& so_far) {
  tell_step(7, "One question, three countries: aggregates computed under each authority's live approval");
  auto const draft =
      begin_draft(net, "DATA_REQUEST_APPLICATION", {{"FR", "FR-SNDS"}, {"FI", "FI-HILMO"}, {"DK", "DK-LPR"}});
  fill_draft(net, draft, "answers/data_request.json");
  so_far.data_request = submit_draft(net, draft, "submit-request");
  approve_queries(net, "FR", so_far.data_request, {"t2dm"});
  approve_queries(
      net, "FI", so_far.data_request,
      {"t2dm", "four_persons", "difference_1", "difference_2", "difference_3", "difference_4", "difference_5"});
  so_far.cases["DK/request"] = approve_queries(net, "DK", so_far.data_request, {"t2dm"});
  tell("request " + so_far.data_request + ": each authority approved the hash of its own variant, FR " +
       query_hash(net, "FR", query_text(net, "t2dm", "FR")).substr(0, 23) + "...");
  std::map<std::string, json> parts;
  for (auto const& country : net.countries()) parts[country] = query_text(net, "t2dm", country);
  auto const question = ask(net, "prevalence", "Type 2 diabetes by sex and age", so_far.data_request, parts);
  release(net, "FR", question);
  release(net, "FI", question);
  auto const early = net.as("FR", "preparer").read(question);
  must(early.at("pooled").at("answered") == 2, "two answers should be there");
  auto const pending = answer_of(net, question, "DK").at("state").get<std::string>();
  must(pending != "answered", "Denmark answered before its officer released");
  tell(early.at("pooled").at("notes").at(0).get<std::string>() +
       "; pending: DK, whose officer has not released its table yet. The sum of two is there already");
  release(net, "DK", question);
  auto const whole = net.as("FR", "preparer").read(question);
  must(whole.at("pooled").at("answered") == 3, "three answers should be there");
  tell(whole.at("pooled").at("notes").at(0).get<std::string>() +
       ": the officer of Denmark released, nothing is pending");
  tell("persons with type 2 diabetes, sum of three countries, of all persons observed:");
  print_table(whole.at("pooled"));
  auto const snapshot = net.as("FR", "").read("/api/rehearsal/clock").at("now").get<std::string>().substr(0, 10);
  for (auto const& country : net.countries()) compare_with_recount(net, country, question, snapshot);
  tell_open("table and chart (preparer.FR)", net.node("FR").url() + "/questions/" + net.of_this_run("prevalence"));
}

}  // namespace ehds::node::demo
