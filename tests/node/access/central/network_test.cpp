// The centre and two countries in one process: what one posts, another receives, in the order of posting.
#include "node/access/cases/case_desk.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/access/desk_fixture.hpp"
#include "node/access/permits/permit_book.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <deque>
#include <map>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using json = nlohmann::ordered_json;
using verb = case_verb;

namespace {

struct letter {
  std::string from;
  outgoing_business_message message;
};

class small_network {
 public:
  small_network()
      : folder_(fresh_folder()),
        time(parse_rfc3339("2026-11-24T09:00:00Z").value()),
        centre_db_(open("EU", application_centre::migrations())),
        fr_db(open("FR", case_desk::migrations())),
        fi_db(open("FI", case_desk::migrations())),
        centre(centre_db_, time, ports("EU")),
        fr(fr_db, time, settings("FR"), ports("FR")),
        fi(fi_db, time, settings("FI"), ports("FI")) {}
  ~small_network() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  // Until nothing is on its way. Each message gets its own id.
  void deliver() {
    for (; !letters.empty(); letters.pop_front()) {
      auto const letter = letters.front();
      time.advance(std::chrono::milliseconds{1});
      if (letter.message.to_nation == down) {
        kept.push_back(letter);
        continue;
      }
      hand_in(letter);
    }
  }

  void come_up() {
    down.clear();
    for (auto const& letter : kept) letters.push_back(letter);
    kept.clear();
    deliver();
  }

  void act(case_desk& desk, std::string const& country, verb what, case_particulars particulars = {}) {
    auto const done = desk.execute({.id = "k" + std::to_string(++keys_),
                                    .case_id = application + "." + country + "-HDAB",
                                    .verb = what,
                                    .by = {role_for(what), role_for(what), "Head", {role_for(what)}},
                                    .what = std::move(particulars)});
    INFO((done ? "" : ehds::to_text(done.error())));
    REQUIRE(done);
    deliver();
  }

  std::string vector() const {
    std::string text;
    for (auto const& cell : centre.find(application)->vector)
      text += cell.country + ":" + cell.authority + " " + cell.status + " by " + cell.next_actor + "\n";
    return text;
  }

  std::string submit_for(std::vector<std::string> const& countries) {
    auto const draft = centre.create_draft("researcher-1", application_type::data_access).value();
    auto form = json::parse(access_form(countries));
    form["section5"]["summaryOfResearchPlan"][0]["id"] =
        centre.put_file(draft, "researcher-1", "plan.pdf", "%PDF-").value().id;
    for (auto const& [section, answers] : form.items())
      REQUIRE(centre.save_section(draft, "researcher-1", section, answers.dump()));
    std::vector<dataset_reference> datasets;
    for (auto const& country : countries) datasets.push_back(dataset("dataset-" + country, country));
    REQUIRE(centre.set_datasets(draft, "researcher-1", datasets));
    application = centre.submit(draft, researcher, "key-1").value();
    deliver();
    return application;
  }

  case_actor const researcher{"researcher-1", "Alex Secret", "", {"applicant"}};
  std::deque<letter> letters;
  std::vector<letter> kept;
  std::string down;
  std::string application;
  std::vector<std::string> refused;

 private:
  std::filesystem::path folder_;

 public:
  manual_clock time;

 private:
  node::store::database centre_db_;

 public:
  node::store::database fr_db;
  node::store::database fi_db;
  application_centre centre;
  case_desk fr;
  case_desk fi;

 private:
  node::store::database open(std::string const& name, std::vector<node::store::migration> migrations) {
    return node::store::database::open(folder_ / (name + ".sqlite"), {.migrations = std::move(migrations)}).value();
  }

  static desk_settings settings(std::string const& country) {
    return {.country = country,
            .authorities = {{country + "-HDAB", country + " authority"}},
            .centre = "EU",
            .specification = "v0.5",
            .issue_on_acceptance = true};
  }

  access_ports ports(std::string const& name) {
    return {
        .post =
            [this, name](node::store::transaction&, outgoing_business_message const& message) {
              letters.push_back({name, message});
              return result<void>{};
            },
        .audit = [](node::store::transaction&, audit_note const&) { return result<void>{}; },
        .sign = [](std::string_view payload, std::string_view) -> result<std::string> { return std::string{payload}; }};
  }

  void hand_in(letter const& letter) {
    incoming_business_message const message{.message_id = "m-" + std::to_string(++messages_),
                                            .action = letter.message.action,
                                            .from_nation = letter.from,
                                            .original_message_id = letter.message.in_reply_to,
                                            .content_json = letter.message.content_json,
                                            .attachments_zip = letter.message.attachments_zip,
                                            .received_at = time.now()};
    auto const& to = letter.message.to_nation;
    auto& db = to == "EU" ? centre_db_ : to == "FR" ? fr_db : fi_db;
    auto const done = db.commit([&](node::store::transaction& tx) -> result<void> {
      auto found = to == "EU" ? centre.receive(tx, message) : (to == "FR" ? fr : fi).receive(tx, message);
      if (!found) return std::move(found).error();
      for (auto const& finding : *found) refused.push_back(message.action + ": " + finding.code);
      return {};
    });
    if (!done) refused.push_back(message.action + ": " + done.error().code);
  }

  int messages_ = 0;
  int keys_ = 0;
};

}  // namespace

TEST_CASE("One application, two authorities, two decisions: the vector tells each and folds none") {
  small_network net;
  net.submit_for({"FI", "FR"});
  CHECK(net.vector() ==
        "FI:FI-HDAB SUBMITTED by the authority\n"
        "FR:FR-HDAB SUBMITTED by the authority\n");
  CHECK(net.centre.find(net.application)->line.counts == "0 of 2 decided");

  for (auto const step : {verb::start_pre_screening, verb::mark_complete}) net.act(net.fi, "FI", step);
  net.act(net.fi, "FI", verb::propose_decision, refusing());
  net.act(net.fi, "FI", verb::decide);
  net.act(net.fr, "FR", verb::start_pre_screening);
  net.act(net.fr, "FR", verb::ask_information, particulars_for(verb::ask_information));
  CHECK(net.centre.find(net.application)->line.counts == "1 of 2 decided: 1 refused; 2 wait for you");

  auto const answers = R"({"section6":{"country_id":"FR","inclusionCriteria":"I50 in ICD-10"}})";
  REQUIRE(net.centre.answer_questions(net.application, net.researcher, "FR", answers, "a-1"));
  net.deliver();
  for (auto const step : {verb::mark_complete}) net.act(net.fr, "FR", step);
  net.act(net.fr, "FR", verb::propose_decision, granting());
  net.act(net.fr, "FR", verb::decide);
  REQUIRE(net.centre.respond(net.application, net.researcher, "FR", "accept", "r-1"));
  REQUIRE(net.centre.respond(net.application, net.researcher, "FI", "appeal", "r-2"));
  net.deliver();

  CHECK(net.vector() ==
        "FI:FI-HDAB NEGATIVE_DECISION_APPEALED by the authority\n"
        "FR:FR-HDAB POSITIVE_DECISION_ACCEPTED by nobody\n");
  auto const page = net.centre.find(net.application, "researcher-1").value();
  CHECK(page.line.counts == "2 of 2 decided: 1 granted, 1 refused");
  CHECK(page.vector.at(1).permit_id == "FR-2026-0001/1");
  CHECK(page.vector.at(0).grounds.at(0).criterion == "68(1)(b)");
  CHECK(net.refused.empty());
  CHECK(net.fr.rebuild_and_compare().empty());
  CHECK(net.fi.rebuild_and_compare().empty());
}

TEST_CASE("Each authority is told what the other decided, with its reasons") {
  small_network net;
  net.submit_for({"FI", "FR"});
  for (auto const step : {verb::start_pre_screening, verb::mark_complete}) net.act(net.fi, "FI", step);
  net.act(net.fi, "FI", verb::propose_decision, refusing());
  net.act(net.fi, "FI", verb::decide);

  auto const elsewhere = net.fr.find(net.application + ".FR-HDAB")->elsewhere;
  REQUIRE(elsewhere.size() == 1);
  CHECK(elsewhere[0].country == "FI");
  CHECK(elsewhere[0].status == "NEGATIVE_DECISION_ISSUED");
  CHECK(elsewhere[0].summary == "Negative; Art. 68(1)(b): More persons are asked for than the purpose needs.");
  CHECK(net.fi.find(net.application + ".FI-HDAB")->elsewhere.empty());
}

TEST_CASE("An authority that hears of another's steps out of order keeps the last") {
  small_network net;
  net.submit_for({"FI", "FR"});
  net.down = "FR";
  net.act(net.fi, "FI", verb::start_pre_screening);  // its news for France is a dead letter
  net.down.clear();
  net.act(net.fi, "FI", verb::mark_complete);
  auto const elsewhere = [&] { return net.fr.find(net.application + ".FR-HDAB")->elsewhere.at(0).status; };
  CHECK(elsewhere() == "PROCESSING");

  net.come_up();  // sent again
  CHECK(elsewhere() == "PROCESSING");
  CHECK(net.refused.empty());
}

TEST_CASE("A country that was down gets the application later, and what it missed") {
  small_network net;
  net.down = "FI";
  net.submit_for({"FI", "FR"});
  net.act(net.fr, "FR", verb::start_pre_screening);
  CHECK(net.vector() ==
        "FI:FI authority DISPATCHED by the authority\n"
        "FR:FR-HDAB PRE_SCREENING by the authority\n");

  net.come_up();
  CHECK(net.vector().starts_with("FI:FI-HDAB SUBMITTED"));
  CHECK(net.fi.find(net.application + ".FI-HDAB")->elsewhere.at(0).status == "PRE_SCREENING");
  CHECK(net.refused.empty());
}

TEST_CASE("A status that is sent again after later ones does not take them back") {
  small_network net;
  net.submit_for({"FR"});
  net.down = "EU";
  net.act(net.fr, "FR", verb::start_pre_screening);  // a dead letter
  net.down.clear();
  net.act(net.fr, "FR", verb::mark_complete);
  CHECK(net.vector() == "FR:FR-HDAB PROCESSING by the authority\n");

  net.come_up();  // sent again
  CHECK(net.vector() == "FR:FR-HDAB PROCESSING by the authority\n");
  CHECK(net.refused.empty());
}

TEST_CASE("The answers of the applicant reach the authority's copy and leave the other country's alone") {
  small_network net;
  net.submit_for({"FI", "FR"});
  net.act(net.fr, "FR", verb::start_pre_screening);
  net.act(net.fr, "FR", verb::ask_information, particulars_for(verb::ask_information));
  auto const answers = R"({"section6":[{"country_id":"FR","inclusionCriteria":"I50 in ICD-10"}]})";
  REQUIRE(net.centre.answer_questions(net.application, net.researcher, "FR", answers, "a-1"));
  REQUIRE(net.centre.answer_questions(net.application, net.researcher, "FR", answers, "a-1"));  // a double click
  net.deliver();

  auto const copy = json::parse(net.fr.application_metadata(net.application).value());
  CHECK(copy["version"] == 2);
  CHECK(copy["form"]["section6"][1]["inclusionCriteria"] == "I50 in ICD-10");
  CHECK(copy["form"]["section6"][0]["inclusionCriteria"] == "Adults with heart failure.");
  CHECK(net.fr.find(net.application + ".FR-HDAB")->line.status == "PRE_SCREENING");
  CHECK(net.centre.answer_questions(net.application, net.researcher, "FR", answers, "a-2").error().code ==
        "access.application.not_asked");
  CHECK(net.refused.empty());
}

TEST_CASE("A withdrawal reaches every authority that is still at work") {
  small_network net;
  net.submit_for({"FI", "FR"});
  net.act(net.fr, "FR", verb::start_pre_screening);
  REQUIRE(net.centre.withdraw(net.application, net.researcher, "w-1"));
  net.deliver();

  CHECK(net.vector() ==
        "FI:FI-HDAB WITHDRAWN by nobody\n"
        "FR:FR-HDAB WITHDRAWN by nobody\n");
  CHECK(net.centre.find(net.application)->line.counts == "0 of 2 decided; 2 withdrawn");
  CHECK(net.centre.withdraw(net.application, net.researcher, "w-2").error().code == "access.application.final");
}

TEST_CASE("An answer that does not fit the decision is refused") {
  small_network net;
  net.submit_for({"FR"});
  auto const code = [&](char const* answer) {
    auto const done = net.centre.respond(net.application, net.researcher, "FR", answer, answer);
    return done ? "done" : done.error().code;
  };
  CHECK(code("accept") == "access.application.not_decided");
  for (auto const step : {verb::start_pre_screening, verb::mark_complete}) net.act(net.fr, "FR", step);
  net.act(net.fr, "FR", verb::propose_decision, granting());
  net.act(net.fr, "FR", verb::decide);

  CHECK(code("appeal") == "access.application.response");
  CHECK(code("perhaps") == "access.application.response");
  CHECK(code("reject") == "done");
}

TEST_CASE("A stranger sees nothing of another's application and can do nothing to it") {
  small_network net;
  net.submit_for({"FR"});
  case_actor const stranger{"somebody", "", "", {"applicant"}};

  CHECK_FALSE(net.centre.find(net.application, "somebody"));
  CHECK(net.centre.applications("somebody").empty());
  CHECK(net.centre.withdraw(net.application, stranger, "w").error().code == "access.application.unknown");
  CHECK(net.centre.applications("researcher-1").size() == 1);
}

TEST_CASE("A message of a country that the application does not concern changes nothing") {
  small_network net;
  net.submit_for({"FR"});
  json const content = {{"application_id", net.application}, {"hdab", "FI-HDAB"}, {"status", "PROCESSING"}};
  net.letters.push_back({"FI", {"EU", "statusUpdate", net.application, "", content.dump(), ""}});
  net.deliver();

  CHECK(net.refused == std::vector<std::string>{"statusUpdate: access.arrival.unknown"});
  CHECK(net.centre.find(net.application)->vector.size() == 1);
}

TEST_CASE("A country whose clock is wrong does not freeze its status at the centre") {
  small_network net;
  net.submit_for({"FR"});
  net.act(net.fr, "FR", verb::start_pre_screening);
  json const dated_too_late = {{"application_id", net.application},
                               {"hdab", "FR-HDAB"},
                               {"status", "PRE_SCREENING"},
                               {"date", "2099-01-01T00:00:00Z"}};
  net.letters.push_back({"FR", {"EU", "statusUpdate", net.application, "", dated_too_late.dump(), ""}});
  net.deliver();
  CHECK(to_rfc3339(net.centre.find(net.application)->vector.at(0).since).starts_with("2099-01-01"));

  net.act(net.fr, "FR", verb::mark_complete);
  CHECK(net.vector() == "FR:FR-HDAB PROCESSING by the authority\n");
}

TEST_CASE("A key that was used for one country swallowed the answer to another") {
  small_network net;
  net.submit_for({"FI", "FR"});
  for (auto* desk : {&net.fi, &net.fr}) {
    auto const country = desk == &net.fi ? "FI" : "FR";
    for (auto const step : {verb::start_pre_screening, verb::mark_complete}) net.act(*desk, country, step);
    net.act(*desk, country, verb::propose_decision, granting());
    net.act(*desk, country, verb::decide);
  }
  auto const respond = [&](char const* country, char const* answer, char const* key) {
    auto const done = net.centre.respond(net.application, net.researcher, country, answer, key);
    return done ? "done" : done.error().code;
  };
  CHECK(respond("FR", "accept", "k") == "done");
  CHECK(respond("FR", "accept", "k") == "done");
  CHECK(respond("FI", "accept", "k") == "access.command.reused");
  CHECK(respond("FR", "reject", "k") == "access.command.reused");
  CHECK(net.centre.withdraw(net.application, net.researcher, "k"));  // another deed has keys of its own
}

TEST_CASE("Answers under a key that had carried others were lost") {
  small_network net;
  net.submit_for({"FR"});
  net.act(net.fr, "FR", verb::start_pre_screening);
  net.act(net.fr, "FR", verb::ask_information, particulars_for(verb::ask_information));
  auto const answer = [&](char const* sections) {
    auto const done = net.centre.answer_questions(net.application, net.researcher, "FR", sections, "k");
    return done ? "done" : done.error().code;
  };
  CHECK(answer(R"({"section6":{"country_id":"FR","inclusionCriteria":"I50"}})") == "done");
  CHECK(answer(R"({"section6":{"country_id":"FR","inclusionCriteria":"I51"}})") == "access.command.reused");
}
