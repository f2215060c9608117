// Each authority screens, asks, decides for itself; the centre shows a status for each and passes decisions on. The
// legal clocks run on a calendar that is moved by hand, and every date says why.
#include "node/demo/answers.hpp"
#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;

void wait_for_status(network& net, std::string const& application, std::string const& country,
                     std::string const& status) {
  wait_until("the centre shows " + status + " for " + country,
             [&] { return status_at_centre(net, application, country).at("status") == status; });
}

void ask_and_answer(network& net, told& so_far) {
  auto const& id = so_far.cases.at("FR/access");
  command(net, "FR", "screener", id, "start_pre_screening");
  wait_for_status(net, so_far.application, "FR", "PRE_SCREENING");
  json const question{{"section", "section6"},
                      {"field", "inclusionCriteria"},
                      {"comment", "Please name the diagnosis codes."},
                      {"country", "FR"}};
  command(net, "FR", "screener", id, "ask_information", {{"questions", json::array({question})}});
  wait_for_status(net, so_far.application, "FR", "AWAITING_ADDITIONAL_INFORMATION");
  auto const open = status_at_centre(net, so_far.application, "FR");
  must(open.at("questions").size() == 1, "the applicant does not see the question");
  tell("France asks about one field: \"" + open.at("questions").at(0).at("comment").get<std::string>() +
       "\"; the decision clock has not begun");
  net.advance_clock(3);
  json const answer{
      {"country", "FR"},
      {"sections",
       {{"section6",
         json::array({{{"country_id", "FR"}, {"inclusionCriteria", "ICD-10 E11, any hospital stay 2020 to 2024"}}})}}}};
  auto const sent =
      net.as("EU", "researcher")
          .post("/api/applications/" + segment(so_far.application) + "/answers", answer, net.of_this_run("answer-1"));
  must(sent.status == 204, "the answer was not taken: " + sent.text);
  wait_for_status(net, so_far.application, "FR", "PRE_SCREENING");
  tell("three days later the researcher answers that field; the case is back in pre-screening");
}

void decide(network& net, told& so_far, std::string const& country, json const& decision) {
  auto const& id = so_far.cases.at(country + "/access");
  command(net, country, "assessor", id, "propose_decision", decision);
  auto const alone =
      net.as(country, "assessor")
          .post("/api/cases/" + segment(id) + "/commands", {{"verb", "decide"}, {"particulars", decision}});
  must(alone.status == 403, "an assessor decided alone");
  command(net, country, "decider", id, "decide", decision);
}

void show_clocks(network& net, std::string const& country, std::string const& case_id) {
  for (auto const& clock : net.as(country, "decider").read("/api/cases/" + segment(case_id)).at("clocks")) {
    if (clock.at("state") != "running") continue;
    tell(clock.at("label").get<std::string>() + ": due " +
         (clock.at("due").is_null() ? "-" : clock.at("due").get<std::string>()));
    for (auto const& why : clock.at("explanation")) tell("  " + why.get<std::string>());
  }
}

json grant() {
  return {
      {"outcome", "granted"},
      {"text", "The eight criteria of Art. 68(1) are met."},
      {"grounds", json::array({{{"criterion", "68(1)(a)"}, {"text", "Scientific research in the health sector."}}})},
      {"terms",
       {{"datasets", {"FR-SNDS"}},
        {"data_format", "pseudonymised"},
        {"purpose", "Research on the care of type 2 diabetes"},
        {"persons", {"researcher.EU"}},
        {"principal_investigator", "researcher.EU"},
        {"valid_from", "2026-01-01"},
        {"valid_to", "2031-12-31"},
        {"environment", "The secure platform of the Health Data Hub (demonstration)"},
        {"fees", "none in the demonstration"},
        {"conditions", {"Results are published within 18 months."}}}}};
}

json refusal() {
  return {{"outcome", "refused"},
          {"text", "The data asked for go beyond the purpose."},
          {"grounds", json::array({{{"criterion", "68(1)(b)"},
                                    {"text", "The whole population is not necessary for the stated purpose."}}})}};
}

}  // namespace

void step_5_decisions(network& net, told& so_far) {
  tell_step(5, "Each authority decides for itself; the applicant sees them side by side");
  ask_and_answer(net, so_far);
  command(net, "FR", "screener", so_far.cases.at("FR/access"), "mark_complete");
  command(net, "FI", "screener", so_far.cases.at("FI/access"), "start_pre_screening");
  command(net, "FI", "screener", so_far.cases.at("FI/access"), "mark_complete");
  show_clocks(net, "FR", so_far.cases.at("FR/access"));
  decide(net, so_far, "FR", grant());
  decide(net, so_far, "FI", refusal());
  wait_for_status(net, so_far.application, "FR", "POSITIVE_DECISION_ISSUED");
  wait_for_status(net, so_far.application, "FI", "NEGATIVE_DECISION_ISSUED");
  auto const page = net.as("EU", "researcher").read("/api/applications/" + segment(so_far.application));
  tell("the assessor could not decide alone; the centre now says: " + page.at("summary").get<std::string>());
  wait_until("France learns of Finland's decision", [&] {
    return !net.as("FR", "decider").read("/api/cases/" + segment(so_far.cases.at("FR/access"))).at("elsewhere").empty();
  });
  tell("each authority sees the other's decision (Art. 68(5))");
  net.advance_clock(10);
  show_clocks(net, "FR", so_far.cases.at("FR/access"));
  tell_open("the officer's desk of France (decider.FR)", net.node("FR").url() + "/desk");
}

}  // namespace ehds::node::demo
