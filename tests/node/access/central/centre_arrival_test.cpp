// What the centre makes of messages from nations: late, twice, from the wrong one, about nothing it knows.
#include "node/access/central/application_centre.hpp"

#include "node/access/desk_fixture.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using json = nlohmann::ordered_json;

namespace {

// An application for Finland and France, submitted; what the nations say is written by hand.
struct centre_house {
  std::filesystem::path folder = fresh_folder();
  manual_clock time{parse_rfc3339("2026-11-24T09:00:00Z").value()};
  std::vector<outgoing_business_message> posted;
  std::vector<audit_note> audited;
  node::store::database db =
      node::store::database::open(folder / "eu.sqlite", {.migrations = application_centre::migrations()}).value();
  application_centre centre{db, time, recording_ports(posted, audited)};
  case_actor const me{"me", "", "", {"applicant"}};
  std::string id;

  centre_house() {
    auto const draft = centre.create_draft("me", application_type::data_access).value();
    auto form = json::parse(access_form({"FI", "FR"}));
    form["section5"]["summaryOfResearchPlan"][0]["id"] = centre.put_file(draft, "me", "plan.pdf", "%PDF-").value().id;
    for (auto const& [section, answers] : form.items())
      REQUIRE(centre.save_section(draft, "me", section, answers.dump()));
    REQUIRE(centre.set_datasets(draft, "me", {dataset("a", "FI"), dataset("b", "FR")}));
    id = centre.submit(draft, me, "key").value();
    posted.clear();
  }
  centre_house(centre_house const&) = delete;
  ~centre_house() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  // "09:05" of the day; returns the codes of what is found.
  std::string hear(std::string const& nation, std::string const& action, std::string const& at, json content) {
    if (!content.contains("application_id")) content["application_id"] = id;
    if (!content.contains("hdab")) content["hdab"] = nation + "-HDAB";
    content["date"] = "2026-11-24T" + at + ":00Z";
    return take(nation, action, content.dump());
  }
  std::string take(std::string const& nation, std::string const& action, std::string const& content) {
    std::string codes;
    auto const done = db.commit([&](node::store::transaction& tx) -> result<void> {
      auto found = centre.receive(tx, {.message_id = "m-" + std::to_string(++messages_),
                                       .action = action,
                                       .from_nation = nation,
                                       .original_message_id = "",
                                       .content_json = content,
                                       .attachments_zip = "",
                                       .received_at = time.now()});
      if (!found) return std::move(found).error();
      for (auto const& one : *found) codes += one.code + " ";
      return {};
    });
    return done ? codes : done.error().code;
  }
  authority_status cell(std::string const& country) {
    auto const page = centre.find(id);
    for (auto const& one : page->vector)
      if (one.country == country) return one;
    return {};
  }
  std::string status(std::string const& country) { return cell(country).status; }

 private:
  int messages_ = 0;
};

json now_is(std::string const& status) { return {{"status", status}, {"next_actor", "authority"}}; }

json deciding(std::string const& outcome, std::string const& code) {
  return {{"status", code},
          {"next_actor", "applicant"},
          {"decision", outcome},
          {"reasons", json::array({{{"criterion", "68(1)(b)"}, {"text", "too many"}}})},
          {"card", {{"outcome", "refused"}}}};
}

json permit(std::string const& status, std::string const& id = "FR-2026-0001/1") {
  return {{"permit_id", id}, {"permit_status", status}, {"next_actor", "nobody"}};
}

}  // namespace

TEST_CASE("From who numbers nothing what was heard last stands, whatever its date: one wrong clock freezes nothing") {
  struct step {
    std::string at, status;
  };
  std::vector<step> const steps{{"09:01", "SUBMITTED"},
                                {"09:02", "PRE_SCREENING"},
                                {"09:03", "PROCESSING"},
                                {"09:04", "NEGATIVE_DECISION_ISSUED"}};
  std::vector<std::size_t> order{0, 1, 2, 3};
  do {
    centre_house house;
    for (auto const at : order) CHECK(house.hear("FR", "statusUpdate", steps[at].at, now_is(steps[at].status)).empty());
    CHECK(house.status("FR") == steps[order.back()].status);
    CHECK(house.status("FI") == "DISPATCHED");
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("A numbered word that comes late never takes back a later one, in whatever order they are heard") {
  struct step {
    std::string action;
    json content;
  };
  auto const numbered = [](json content, int sequence) {
    content["sequence"] = sequence;
    return content;
  };
  json questions = now_is("AWAITING_ADDITIONAL_INFORMATION");
  questions["next_actor"] = "applicant";
  questions["sections"] = json::array({{{"section", "section6"}, {"field", "x"}, {"comment", "Which?"}}});
  std::vector<step> const steps{
      {"requestInfo", numbered(questions, 2)},
      {"additionalInformationAck", numbered(now_is("PRE_SCREENING"), 3)},
      {"statusUpdate", numbered(now_is("PRE_SCREENING"), 3)},
      {"decision", numbered(deciding("Negative", "NEGATIVE_DECISION_ISSUED"), 5)},
      {"permitInfo", numbered(permit("GRANTED"), 7)},
      {"permitInfo", numbered(permit("REVOKED"), 8)},
  };
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
  do {
    centre_house house;
    for (auto const at : order) CHECK(house.hear("FR", steps[at].action, "09:01", steps[at].content).empty());
    auto const cell = house.cell("FR");
    CHECK(cell.status == "NEGATIVE_DECISION_ISSUED");
    CHECK(cell.decision == "Negative");
    CHECK(cell.questions.empty());
    CHECK(cell.permit_status == "REVOKED");
    CHECK(cell.next_actor == "nobody");
    CHECK(house.centre.find(house.id)->events.size() == 7);
  } while (std::next_permutation(order.begin(), std::next(order.begin(), 4)) ||
           (order[4] == 4 && (std::swap(order[4], order[5]), true)));
}

TEST_CASE("A late word is in the list as late, and is no news to the other countries") {
  centre_house house;
  json later = now_is("PROCESSING");
  later["sequence"] = 4;
  json earlier = now_is("PRE_SCREENING");
  earlier["sequence"] = 2;
  house.hear("FR", "statusUpdate", "09:04", later);
  auto const told = house.posted.size();
  house.hear("FR", "statusUpdate", "09:02", earlier);

  CHECK(house.status("FR") == "PROCESSING");
  CHECK(house.posted.size() == told);
  CHECK(house.centre.find(house.id)->events.back().what ==
        "A message (statusUpdate) came late: what the authority said since stands");
}

TEST_CASE("A number that is none orders nothing") {
  centre_house house;
  for (auto const& odd : {json(-1), json(0), json("7"), json(1.5), json(18446744073709551615ULL), json(nullptr)}) {
    json content = now_is("PRE_SCREENING");
    content["sequence"] = odd;
    CHECK(house.hear("FR", "statusUpdate", "09:01", content).empty());
    CHECK(house.hear("FR", "statusUpdate", "09:01", now_is("PROCESSING")).empty());
    CHECK(house.status("FR") == "PROCESSING");
  }
}

TEST_CASE("A permit's word changes the permit alone, a status' word the status alone") {
  centre_house house;
  house.hear("FR", "statusUpdate", "09:01", now_is("POSITIVE_DECISION_ACCEPTED"));
  CHECK(house.hear("FR", "permitInfo", "09:03", permit("GRANTED")).empty());
  CHECK(house.cell("FR").permit_id == "FR-2026-0001/1");
  CHECK(house.status("FR") == "POSITIVE_DECISION_ACCEPTED");
  CHECK(house.hear("FR", "permitInfo", "09:05", permit("REVOKED")).empty());
  CHECK(house.hear("FR", "statusUpdate", "09:06", now_is("POSITIVE_DECISION_ACCEPTED")).empty());

  CHECK(house.cell("FR").permit_status == "REVOKED");
  CHECK(house.cell("FI").permit_status.empty());
}

TEST_CASE("Questions stand until the authority says that it has the answers, and the applicant sees whose turn it is") {
  centre_house house;
  json questions = now_is("AWAITING_ADDITIONAL_INFORMATION");
  questions["next_actor"] = "applicant";
  questions["sections"] =
      json::array({{{"section", "section6"}, {"field", "inclusionCriteria"}, {"comment", "Which?"}}});
  CHECK(house.hear("FR", "requestInfo", "09:02", questions).empty());
  CHECK(house.cell("FR").questions.size() == 1);
  CHECK(house.cell("FR").next_actor == "you");
  CHECK(house.centre.find(house.id)->line.counts == "0 of 2 decided; 1 waits for you");
  CHECK(house.hear("FR", "additionalInformationAck", "09:04", now_is("PRE_SCREENING")).empty());

  CHECK(house.cell("FR").questions.empty());
  CHECK(house.cell("FR").next_actor == "the authority");
}

TEST_CASE("A decision is kept with its grounds while the status goes on") {
  centre_house house;
  house.hear("FR", "decision", "09:04", deciding("Negative", "NEGATIVE_DECISION_ISSUED"));
  house.hear("FR", "statusUpdate", "09:05", now_is("NEGATIVE_DECISION_APPEALED"));
  CHECK(house.cell("FR").decision == "Negative");
  CHECK(house.cell("FR").grounds.size() == 1);

  house.hear("FR", "decision", "09:08", deciding("Positive", "POSITIVE_DECISION_ISSUED"));
  CHECK(house.cell("FR").decision == "Positive");
  CHECK(house.centre.find(house.id)->line.counts.starts_with("1 of 2 decided: 1 granted"));
}

TEST_CASE("A message that is heard twice changes the status once and stands in the list twice") {
  centre_house house;
  house.hear("FR", "statusUpdate", "09:01", now_is("PRE_SCREENING"));
  auto const before = house.cell("FR");
  auto const told = house.posted.size();
  house.hear("FR", "statusUpdate", "09:01", now_is("PRE_SCREENING"));

  CHECK(house.cell("FR").status == before.status);
  CHECK(house.cell("FR").since == before.since);
  CHECK(house.posted.size() == told);
  CHECK(house.centre.find(house.id)->vector.size() == 2);
}

TEST_CASE("A nation speaks for itself alone: what it says of another changes its own cell or nothing") {
  centre_house house;
  house.hear("FI", "statusUpdate", "09:01", now_is("PRE_SCREENING"));
  CHECK(house.hear("DK", "statusUpdate", "09:02", now_is("PROCESSING")) == "access.arrival.unknown ");
  CHECK(house.hear("EU", "statusUpdate", "09:02", now_is("PROCESSING")) == "access.arrival.unknown ");
  CHECK(house.hear("", "statusUpdate", "09:02", now_is("PROCESSING")) == "access.arrival.unknown ");
  json lie = now_is("WITHDRAWN");
  lie["country_id"] = "FI";
  CHECK(house.hear("FR", "statusUpdate", "09:03", lie).empty());

  CHECK(house.status("FI") == "PRE_SCREENING");
  CHECK(house.status("FR") == "WITHDRAWN");
  CHECK(house.centre.find(house.id)->vector.size() == 2);
}

TEST_CASE("What cannot be used is answered with a finding and leaves no trace, not even in the list") {
  centre_house house;
  auto const lines = house.centre.find(house.id)->events.size();
  auto const audited = house.audited.size();

  CHECK(house.take("FR", "statusUpdate", "{") == "access.json.syntax ");
  CHECK(house.take("FR", "statusUpdate", "[]") == "access.arrival.unknown ");
  CHECK(house.take("FR", "statusUpdate", "{}") == "access.arrival.unknown ");
  CHECK(house.take("FR", "statusUpdate", R"({"application_id":7})") == "access.arrival.unknown ");
  CHECK(house.hear("FR", "statusUpdate", "09:01", {{"application_id", "none"}}) == "access.arrival.unknown ");
  CHECK(house.hear("FR", "statusUpdate", "09:01", {{"hdab", ""}}) == "access.arrival.shape ");
  CHECK(house.hear("FR", "withdrawal", "09:01", now_is("WITHDRAWN")) == "access.arrival.shape ");
  CHECK(house.hear("FR", "createDataset", "09:01", now_is("WITHDRAWN")) == "access.arrival.shape ");
  CHECK(house.centre.find(house.id)->events.size() == lines);
  CHECK(house.audited.size() == audited);
  CHECK(house.status("FR") == "DISPATCHED");
}

TEST_CASE("A status that is no code of the specification changes nothing but the date") {
  centre_house house;
  house.hear("FR", "statusUpdate", "09:01", now_is("PRE_SCREENING"));
  for (auto const* word : {"Approved", "pre_screening", "DISPATCHED", "", "GRANTED"}) {
    CHECK(house.hear("FR", "statusUpdate", "09:02", now_is(word)).empty());
    CHECK(house.status("FR") == "PRE_SCREENING");
  }
}

TEST_CASE("The first word of an authority gives it its own name; a second authority of the country stands beside it") {
  centre_house house;
  CHECK(house.cell("FR").authority == "FR authority");
  house.hear("FR", "applicationAck", "09:01", now_is("SUBMITTED"));
  CHECK(house.cell("FR").authority == "FR-HDAB");
  json second = now_is("SUBMITTED");
  second["hdab"] = "FR-REGION";
  house.hear("FR", "applicationAck", "09:02", second);

  auto const page = house.centre.find(house.id).value();
  CHECK(page.vector.size() == 3);
  CHECK(page.line.counts == "0 of 3 decided");
}

TEST_CASE("News goes to the other countries only, never back to who told it, and reception is no news") {
  centre_house house;
  house.hear("FR", "applicationAck", "09:01", now_is("SUBMITTED"));
  CHECK(house.posted.empty());
  house.hear("FR", "decision", "09:02", deciding("Negative", "NEGATIVE_DECISION_ISSUED"));

  REQUIRE(house.posted.size() == 1);
  CHECK(house.posted[0].to_nation == "FI");
  CHECK(house.posted[0].action == "statusUpdate");
  auto const content = json::parse(house.posted[0].content_json);
  CHECK(content["country_id"] == "FR");
  CHECK(content["summary"] == "Negative; Art. 68(1)(b): too many");
}

TEST_CASE("What is relayed and audited names nobody") {
  centre_house house;
  auto decision = deciding("Negative", "NEGATIVE_DECISION_ISSUED");
  decision["signer"] = {{"name", "Robin Officer"}, {"job_title", "Head"}};
  house.hear("FR", "decision", "09:02", decision);

  for (auto const& message : house.posted) {
    CHECK(message.content_json.find("Robin") == std::string::npos);
    CHECK(message.content_json.find("Alex") == std::string::npos);
    CHECK(message.content_json.find("\"me\"") == std::string::npos);
  }
  for (auto const& note : house.audited) CHECK((note.outcome + note.object).find("Robin") == std::string::npos);
}

TEST_CASE("A refusal by a country is shown to the applicant, and of an unknown application it is forgotten") {
  centre_house house;
  auto const note = [&](std::string const& id) {
    REQUIRE(house.db.commit([&](node::store::transaction& tx) {
      return house.centre.note_refusal(tx, id, "FI", "m-9", {{"x.y", "The attachment is damaged.", "", ""}});
    }));
  };
  note("none");
  note(house.id);

  auto const events = house.centre.find(house.id, "me")->events;
  CHECK(events.back().what == "The national node refused a message; The attachment is damaged.");
  CHECK(events.back().country == "FI");
  CHECK(house.audited.back().outcome == "1 findings");
}

TEST_CASE("The applicant's counts name every kind of cell and add up") {
  auto const cell = [](std::string const& status, std::string const& decision, std::string const& next) {
    authority_status one;
    one.status = status;
    one.decision = decision;
    one.next_actor = next;
    return one;
  };
  auto const open = cell("PROCESSING", "", "the authority");
  auto const yes = cell("POSITIVE_DECISION_ISSUED", "Positive", "you");
  auto const no = cell("NEGATIVE_DECISION_ACCEPTED", "Negative", "nobody");
  auto const gone = cell("WITHDRAWN", "", "nobody");

  CHECK(counts_of({}) == "0 of 0 decided");
  CHECK(counts_of({open}) == "0 of 1 decided");
  CHECK(counts_of({yes}) == "1 of 1 decided: 1 granted; 1 waits for you");
  CHECK(counts_of({yes, yes}) == "2 of 2 decided: 2 granted; 2 wait for you");
  CHECK(counts_of({no, open}) == "1 of 2 decided: 1 refused");
  CHECK(counts_of({yes, no, gone, open}) == "2 of 4 decided: 1 granted, 1 refused; 1 withdrawn; 1 waits for you");
}
