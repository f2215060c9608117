// What must not work: another code after the approval, no approval, a revoked one, a group of four, and differences of
// tables. The asker learns nothing, not even which of the reasons it was.
#include <set>

#include "node/demo/answers.hpp"
#include "node/demo/queries.hpp"
#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;

// What the asker hears when a query is not answered, without what differs by itself.
std::string heard_after(network& net, std::string const& question, std::string const& country) {
  json answer;
  wait_until(country + " says something", [&] {
    answer = answer_of(net, question, country);
    return answer.at("state") == "not_answered" || answer.at("state") == "answered";
  });
  answer.erase("query_hash");
  answer.erase("authority");
  return answer.dump();
}

void refuse_three_times(network& net, told& so_far) {
  std::set<std::string> heard;
  heard.insert(heard_after(
      net,
      ask(net, "changed", "One code changed", so_far.data_request, {{"FI", query_text(net, "one_code_changed", "FI")}}),
      "FI"));
  heard.insert(heard_after(
      net, ask(net, "unapproved", "No approval", so_far.data_request, {{"DK", query_text(net, "four_persons", "DK")}}),
      "DK"));
  json const grounds =
      json::array({{{"criterion", "63(3)"}, {"text", "The conditions of the approval were not kept."}}});
  command(net, "DK", "decider", so_far.cases.at("DK/request"), "revoke",
          {{"grounds", grounds}, {"text", "Revoked in the demonstration."}});
  heard.insert(heard_after(
      net, ask(net, "revoked", "After the revocation", so_far.data_request, {{"DK", query_text(net, "t2dm", "DK")}}),
      "DK"));
  must(heard.size() == 1, "the asker can tell the refusals apart");
  tell("one code changed after approval; no approval; approval revoked: each refused, and the asker hears the same: " +
       *heard.begin());
  for (auto const& [country, id] : {std::pair{"FI", "changed"}, {"DK", "unapproved"}, {"DK", "revoked"}})
    tell(std::string("  the officer of ") + country +
         " reads: " + job_of(net, country, "/" + net.of_this_run(id)).at("reason").get<std::string>());
}

void hide_four_persons(network& net, told& so_far) {
  auto const question = ask(net, "four", "A disease that four persons have", so_far.data_request,
                            {{"FI", query_text(net, "four_persons", "FI")}});
  release(net, "FI", question);
  for (auto const& cell : answer_of(net, question, "FI").at("table").at("cells"))
    must(cell.at("values").at(0) == "suppressed or zero", "a figure about four persons was shown");
  tell("a group of four persons: every cell says \"suppressed or zero\"");
}

// Every figure that two tables both show is equal or far apart: no difference singles out a few persons. Returns how
// many pairs of figures there were to compare.
int compare(json const& one, json const& other, std::int64_t threshold) {
  int pairs = 0;
  for (auto const& cell : one)
    for (auto const& twin : other) {
      auto const& a = cell.at("values").at(0);
      auto const& b = twin.at("values").at(0);
      if (cell.at("labels") != twin.at("labels") || !a.is_number() || !b.is_number()) continue;
      auto const difference = std::abs(a.get<std::int64_t>() - b.get<std::int64_t>());
      must(difference == 0 || difference >= threshold,
           "two tables differ by " + std::to_string(difference) + " at " + cell.at("labels").dump());
      ++pairs;
    }
  return pairs;
}

void five_differences(network& net, told& so_far) {
  std::vector<json> tables;
  std::int64_t threshold = 0;
  for (int i = 1; i <= 5; ++i) {
    auto const name = "difference_" + std::to_string(i);
    auto const question = ask(net, name, "With and without the four, " + std::to_string(i), so_far.data_request,
                              {{"FI", query_text(net, name, "FI")}});
    release(net, "FI", question);
    auto const table = answer_of(net, question, "FI").at("table");
    threshold = table.at("policy").at("threshold").get<std::int64_t>();
    tables.push_back(table.at("cells"));
  }
  int pairs = 0;
  for (std::size_t i = 0; i < tables.size(); ++i)
    for (std::size_t k = i + 1; k < tables.size(); ++k) pairs += compare(tables[i], tables[k], threshold);
  must(pairs > 0, "no two tables show a figure that could be compared");
  tell(
      "five queries with and without those four: wherever two tables can be compared they are equal or differ by at "
      "least " +
      std::to_string(threshold));
}

}  // namespace

void step_8_attacks(network& net, told& so_far) {
  tell_step(8, "What must not work does not work, and says nothing");
  hide_four_persons(net, so_far);
  five_differences(net, so_far);
  refuse_three_times(net, so_far);
  tell_open("the queries asked of Finland (releaser.FI)", net.node("FI").url() + "/desk/queries");
}

}  // namespace ehds::node::demo
