// The researcher accepts: a signed permit is issued and handed to the local platform, which is down at first. Finland's
// refusal becomes final by the calendar alone.
#include <algorithm>
#include <fstream>

#include "base/time.hpp"
#include "node/demo/answers.hpp"
#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;

void verify_signature(network& net, json const& permit) {
  auto const folder = net.folder_of("FR");
  std::ofstream(folder / "permit.jws") << permit.at("jws").get<std::string>();
  std::ofstream(folder / "jwks.json") << net.as("FR", "").get("/.well-known/jwks.json").text;
  auto const program = net.how().program.string();
  auto const checked = run_to_end(
      {program, "permit", "verify", (folder / "permit.jws").string(), "--jwks", (folder / "jwks.json").string()});
  must(checked.code == 0, "the permit does not verify: " + checked.output);
  tell("the permit is a JWS (EdDSA) and verifies with the authority's published keys");
  tell_open("those keys", net.node("FR").url() + "/.well-known/jwks.json");
}

json hand_over_of(network& net, std::string const& permit_id) {
  auto const permit = net.as("FR", "decider").read("/api/permits/" + segment(permit_id));
  must(!permit.at("handovers").empty(), "nothing is handed over for " + permit_id);
  return permit.at("handovers").at(0);
}

// Until the last clock of a case has run out: a period that ends on a day off ends later.
int days_until_over(network& net, std::string const& country, std::string const& case_id) {
  auto const now = parse_rfc3339(net.as(country, "").read("/api/rehearsal/clock").at("now").get<std::string>());
  must(now.has_value(), "the clock of " + country + " says no time");
  auto const today = std::chrono::floor<std::chrono::days>(*now);
  int most = 0;
  for (auto const& clock : net.as(country, "decider").read("/api/cases/" + segment(case_id)).at("clocks")) {
    if (clock.at("state") != "running" || clock.at("due").is_null()) continue;
    auto const due = parse_date(clock.at("due").get<std::string>());
    must(due.has_value(), "a clock of " + country + " is due on no date");
    most = std::max(most, static_cast<int>((std::chrono::sys_days{*due} - today).count()) + 1);
  }
  must(most > 0, "no clock runs for the refusal of " + country);
  return most;
}

}  // namespace

void step_6_permit(network& net, told& so_far) {
  tell_step(6, "The permit is signed and handed to the local platform");
  auto const path = "/api/applications/" + segment(so_far.application);
  auto const accepted =
      net.as("EU", "researcher")
          .post(path + "/response", {{"country", "FR"}, {"response", "accept"}}, net.of_this_run("accept-1"));
  must(accepted.status == 204, "the acceptance was not taken: " + accepted.text);
  json page;
  wait_until("France issues the permit", [&] {
    page = net.as("FR", "decider").read("/api/cases/" + segment(so_far.cases.at("FR/access")));
    return page.at("permit_status") == "GRANTED";
  });
  so_far.permit = page.at("permit_id").get<std::string>();
  tell("accepted on day 10 of 28: permit " + so_far.permit);
  verify_signature(net, net.as("FR", "decider").read("/api/permits/" + segment(so_far.permit)));
  wait_until("the hand-over is tried", [&] { return hand_over_of(net, so_far.permit).at("attempts").get<int>() > 0; });
  tell("the platform is down: " + hand_over_of(net, so_far.permit).at("last_error").get<std::string>());
  net.start("platform");
  wait_until("the platform has the permit", [&] { return !hand_over_of(net, so_far.permit).at("done").is_null(); });
  auto const key = hand_over_of(net, so_far.permit).at("key").get<std::string>();
  auto const kept = net.platform().read("/handovers").at("handovers");
  auto const times = std::ranges::count_if(kept, [&](json const& one) { return one.at("idempotency_key") == key; });
  must(times == 1, "the platform keeps " + std::to_string(times) + " hand-overs under " + key);
  tell("the platform is up: handed over once under key " + key +
       ", proof: " + hand_over_of(net, so_far.permit).at("proof").get<std::string>());
  tell_open("what the platform keeps", net.platform().base() + "/handovers");
  auto const days = days_until_over(net, "FI", so_far.cases.at("FI/access"));
  net.advance_clock(days);
  wait_until("Finland's refusal becomes final", [&] {
    return status_at_centre(net, so_far.application, "FI").at("status") == "NEGATIVE_DECISION_ACCEPTED";
  });
  tell(std::to_string(10 + days) +
       " days after its refusal nobody had appealed in Finland: the calendar closed that case by itself");
  tell_open("the public register of France", net.node("FR").url() + "/register");
}

}  // namespace ehds::node::demo
