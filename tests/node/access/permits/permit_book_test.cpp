#include "node/access/permits/permit_book.hpp"

#include "node/access/desk_fixture.hpp"
#include "node/access/permits/query_permit.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using verb = case_verb;
using json = nlohmann::json;

namespace {

struct permit_fixture : desk_fixture {
  permit_book book{db};

  explicit permit_fixture(application_document const& application = access_application({"FR"})) {
    arrive(application, "m-1");
    walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide, verb::accept});
  }

  std::string keys() const {
    std::string text;
    for (auto const& entry : book.due(time.now())) text += entry.key + " ";
    return text;
  }

  std::string permit_code() const { return desk.find(case_id)->line.permit_status; }
};

}  // namespace

TEST_CASE("A permit says what Article 68(10) asks for and is signed as it is stored") {
  permit_fixture house;
  auto const line = house.book.find("FR-2026-0001").value();
  auto const payload = json::parse(line.payload_json);

  CHECK(line.id == "FR-2026-0001/1");
  CHECK(line.jws == "permit+jwt." + line.payload_json);
  CHECK(payload["basis"] == "data_permit");
  CHECK(payload["authority"]["id"] == "FR-HDAB");
  CHECK(payload["decision"]["signer"]["job_title"] == "Head of decider");
  for (auto const* part : {"datasets", "data_format", "purpose", "persons", "principal_investigator", "valid_from",
                           "valid_to", "environment", "fees", "conditions", "opt_out_snapshot"})
    CHECK(payload["terms"].contains(part));
}

TEST_CASE("Numbers follow each other without gaps, and versions keep the number") {
  permit_fixture house;
  house.walk({verb::request_amendment, verb::propose_decision, verb::amend});
  CHECK(house.book.find("FR-2026-0001")->id == "FR-2026-0001/2");
  CHECK(house.book.find("FR-2026-0001/1")->status == "AMENDED");
  CHECK(json::parse(house.book.find("FR-2026-0001/2")->payload_json)["replaces"] == "FR-2026-0001/1");

  auto second = access_application({"FR"});
  second.application_id = "another";
  house.arrive(second, "m-2");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide, verb::accept});
  CHECK(house.book.all().size() == 3);
  CHECK(house.book.find("FR-2026-0002"));
}

TEST_CASE("A permit is renewed once and not twice") {
  permit_fixture house;
  house.walk({verb::request_renewal});
  auto longer = granting();
  longer.terms->valid_to = "2030-12-31";
  REQUIRE(house.act(verb::propose_decision, "assessor", longer));
  house.walk({verb::renew});
  CHECK(house.permit_code() == "RENEWED");
  CHECK(house.book.find("FR-2026-0001")->valid_to == "2030-12-31");

  CHECK(code(house.act(verb::request_renewal, "applicant", saying("more time"))) == "access.case.once");
}

TEST_CASE("A permit that was issued waits to be handed over until there is proof") {
  permit_fixture house;
  auto const entry = house.book.due(house.time.now()).at(0);
  CHECK(entry.key == "FR-2026-0001/1:issue");
  CHECK(entry.type == "DATA_ACCESS_APPLICATION");

  auto const later = house.time.now() + std::chrono::seconds{5};
  REQUIRE(house.book.mark_failed(entry.key, "the platform is down", house.time.now(), later));
  CHECK(house.keys().empty());
  house.time.advance(std::chrono::seconds{5});
  CHECK(house.keys() == "FR-2026-0001/1:issue ");
  REQUIRE(house.book.mark_done(entry.key, "receipt 7", house.time.now()));
  CHECK(house.keys().empty());
  auto const done = house.book.handovers("FR-2026-0001/1").at(0);
  CHECK(done.attempts == 2);
  CHECK(done.proof == "receipt 7");
}

TEST_CASE("A revocation overtakes the grant that was never delivered") {
  permit_fixture house;
  house.walk({verb::revoke});

  CHECK(house.keys() == "FR-2026-0001/1:revoke:9 ");
  CHECK(house.book.handovers("FR-2026-0001/1").at(0).proof == "overtaken");
  CHECK(house.book.find("FR-2026-0001")->status == "REVOKED");
  auto const list = json::parse(house.book.revocations_json(house.time.now()));
  REQUIRE(list["revoked"].size() == 1);
  CHECK(list["revoked"][0]["permit"] == "FR-2026-0001/1");
}

TEST_CASE("A revocation that an appeal lifts can be spoken again") {
  permit_fixture house;
  house.walk({verb::revoke, verb::appeal_revocation, verb::approve_revocation_appeal});
  CHECK(house.keys() == "FR-2026-0001/1:reinstate:11 ");
  CHECK(house.book.due(house.time.now()).at(0).body.starts_with("permit+jwt."));
  CHECK(json::parse(house.book.revocations_json(house.time.now()))["revoked"].empty());

  house.walk({verb::revoke, verb::appeal_revocation, verb::reject_revocation_appeal});
  CHECK(house.permit_code() == "APPEAL_REJECTED");
  CHECK(json::parse(house.book.revocations_json(house.time.now()))["revoked"].size() == 1);
}

TEST_CASE("A permit expires after its last day, by the clock alone") {
  permit_fixture house;
  house.time.set(parse_rfc3339("2028-12-31T23:59:59Z").value());
  CHECK(house.desk.tick().value() == 0);
  CHECK(code(house.act(verb::expire, "clock")) == "access.case.too_early");
  house.time.set(parse_rfc3339("2029-01-01T00:00:00Z").value());
  CHECK(house.desk.tick().value() == 1);
  CHECK(house.permit_code() == "EXPIRED");
  CHECK(house.desk.rebuild_and_compare().empty());
}

TEST_CASE("When the decider issues by hand, acceptance alone makes no permit") {
  auto settings = desk_fixture::french();
  settings.issue_on_acceptance = false;
  desk_fixture house{settings};
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide, verb::accept});
  CHECK(house.desk.find(house.case_id)->line.permit_id.empty());
  CHECK(house.desk.find(house.case_id)->line.next_actor == "authority");

  house.walk({verb::issue_permit});
  CHECK(house.desk.find(house.case_id)->line.permit_id == "FR-2026-0001/1");
  CHECK(code(house.act(verb::issue_permit, "decider")) == "access.case.transition");
}

TEST_CASE("An approved request is a permit that the query engine can judge, by the hash that was approved") {
  desk_fixture house;
  house.arrive(request_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete});
  auto approval = granting();
  approval.terms->protocol = "diabetes-by-sex-and-age";
  approval.terms->queries = {{"dataset-FR", "sha256:aa"}};
  approval.terms->disclosure_policy = "fr-2026";
  REQUIRE(house.act(verb::propose_decision, "assessor", approval));
  house.walk({verb::decide, verb::accept});

  auto const found = [&](char const* hash) {
    return house.db.read([&](node::store::reading& now) {
      return permit_for_query(now, {"dataset-FR", hash, "another protocol", "researcher-1", ""});
    });
  };
  REQUIRE(found("sha256:aa"));
  CHECK(found("sha256:aa")->state == policies::permit_state::live);
  CHECK(found("sha256:aa")->basis == policies::legal_basis::request_approval);
  CHECK(found("sha256:aa")->persons == std::vector<std::string>{"researcher-1"});
  CHECK(to_text(found("sha256:aa")->opt_out_snapshot) == "2026-11-24");
  CHECK_FALSE(found("sha256:bb"));
  house.walk({verb::revoke});
  CHECK(found("sha256:aa")->state == policies::permit_state::revoked);
}

namespace {

// A request approved for these persons and hashes, under an application of its own.
struct approvals : desk_fixture {
  void approve(std::string const& application, std::string const& person, std::vector<std::string> const& hashes) {
    auto request = request_application({"FR"});
    request.application_id = application;
    arrive(request, "m-" + application);
    walk({verb::start_pre_screening, verb::mark_complete});
    auto approval = granting();
    approval.terms->protocol = "diabetes";
    approval.terms->persons = {person};
    for (auto const& hash : hashes) approval.terms->queries.push_back({"dataset-FR", hash});
    REQUIRE(act(verb::propose_decision, "assessor", approval));
    walk({verb::decide, verb::accept});
  }
  std::string found(asked_query const& asked) {
    auto const permit = db.read([&](node::store::reading& now) { return permit_for_query(now, asked); });
    return permit ? permit->id : "none";
  }
};

}  // namespace

TEST_CASE("Another's approval of the same query hid the caller's own") {
  approvals house;
  house.approve("A", "one", {"sha256:aa"});
  house.approve("B", "two", {"sha256:aa"});
  house.approve("C", "two", {"sha256:aa"});

  CHECK(house.found({"dataset-FR", "sha256:aa", "diabetes", "one", "A"}) == "FR-2026-0001");
  CHECK(house.found({"dataset-FR", "sha256:aa", "diabetes", "two", "B"}) == "FR-2026-0002");
  CHECK(house.found({"dataset-FR", "sha256:aa", "diabetes", "two", "C"}) == "FR-2026-0003");
  house.case_id = "C.FR-HDAB";
  house.walk({verb::revoke});
  CHECK(house.found({"dataset-FR", "sha256:aa", "diabetes", "two", "C"}) == "FR-2026-0002");
}

TEST_CASE("A query with another hash than approved was said to have no permit at all") {
  approvals house;
  house.approve("A", "one", {"sha256:aa"});

  CHECK(house.found({"dataset-FR", "sha256:bb", "diabetes", "one", "A"}) == "FR-2026-0001");
  CHECK(house.found({"dataset-FR", "sha256:bb", "asthma", "one", "A"}) == "none");
  CHECK(house.found({"dataset-FI", "sha256:aa", "diabetes", "one", "A"}) == "none");
}

TEST_CASE("A hash that an amendment took out is no longer found under its permit") {
  approvals house;
  house.approve("A", "one", {"sha256:aa"});
  house.approve("B", "one", {"sha256:aa"});
  house.walk({verb::request_amendment});
  auto other = granting();
  other.terms->protocol = "diabetes";
  other.terms->queries = {{"dataset-FR", "sha256:cc"}};
  REQUIRE(house.act(verb::propose_decision, "assessor", other));
  house.walk({verb::amend});

  CHECK(house.found({"dataset-FR", "sha256:aa", "diabetes", "one", "B"}) == "FR-2026-0001");
  CHECK(house.found({"dataset-FR", "sha256:cc", "diabetes", "one", "B"}) == "FR-2026-0002");
}

TEST_CASE("Approvals given before the index was made are found through it") {
  auto const folder = fresh_folder();
  auto steps = case_desk::migrations();
  auto older = steps;
  std::erase_if(older, [](auto const& step) { return step.room == "access_permits" && step.version == 2; });
  {
    auto db = node::store::database::open(folder / "n.sqlite", {.migrations = older}).value();
    REQUIRE(db.commit([](node::store::transaction& tx) -> result<void> {
      for (auto const version : {1, 2})
        tx.run(
            "INSERT INTO access_permit VALUES ('FR-2026-0001/' || ?1, 'FR-2026-0001', ?1, 'c', 'A',"
            " 'DATA_REQUEST_APPLICATION', 'GRANTED', '2027-01-01', '2028-12-31', 0, '{\"terms\":{\"protocol\":\"p\","
            "\"queries\":[{\"dataset\":\"d\",\"query_hash\":\"sha256:' || ?1 || '\"}]}}', '', 0)",
            version);
      return {};
    }));
  }
  auto db = node::store::database::open(folder / "n.sqlite", {.migrations = steps}).value();
  auto const found = [&](char const* hash) {
    return db.read([&](node::store::reading& now) { return permit_for_query(now, {"d", hash, "", "", ""}); });
  };
  CHECK(found("sha256:2"));
  CHECK_FALSE(found("sha256:1"));
}
