// Versions, the feed of revocations and the order of what is handed over.
#include "node/access/permits/permit_book.hpp"

#include "node/access/desk_fixture.hpp"
#include "node/access/permits/query_permit.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <set>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using verb = case_verb;
using json = nlohmann::json;

namespace {

struct permits : desk_fixture {
  permit_book book{db};

  explicit permits(application_document const& application = access_application({"FR"})) { grant(application); }

  void grant(application_document const& application) {
    arrive(application, "m-" + application.application_id);
    walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide, verb::accept});
  }
  void grant_another(std::string const& id) {
    auto application = access_application({"FR"});
    application.application_id = id;
    grant(application);
  }
  // "FR-2026-0001/1 AMENDED; FR-2026-0001/2 RENEWED"
  std::string versions(std::string const& number) const {
    std::string text;
    for (int version = 1; auto const line = book.find(number + "/" + std::to_string(version)); ++version)
      text += (text.empty() ? "" : "; ") + line->id + " " + line->status;
    return text;
  }
  std::string waiting() const {
    std::string text;
    for (auto const& entry : book.due(time.now())) text += (text.empty() ? "" : " ") + entry.key;
    return text;
  }
  std::vector<std::string> revoked() const {
    std::vector<std::string> ids;
    auto const list = json::parse(book.revocations_json(time.now()));
    for (auto const& one : list["revoked"])
      ids.push_back(one["permit"].get<std::string>() + " " + one["status"].get<std::string>());
    return ids;
  }
};

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("Every version keeps the status with which it was replaced, and names the one before it") {
  permits house;
  house.walk({verb::request_amendment, verb::propose_decision, verb::amend, verb::request_renewal,
              verb::propose_decision, verb::renew, verb::request_amendment, verb::propose_decision, verb::amend});

  CHECK(house.versions("FR-2026-0001") ==
        "FR-2026-0001/1 AMENDED; FR-2026-0001/2 RENEWED; FR-2026-0001/3 AMENDED; FR-2026-0001/4 AMENDED");
  for (int version = 1; version <= 4; ++version) {
    auto const line = house.book.find("FR-2026-0001/" + std::to_string(version)).value();
    auto const payload = json::parse(line.payload_json);
    CHECK(payload["permit"] == line.id);
    CHECK(payload["replaces"] == (version == 1 ? "" : "FR-2026-0001/" + std::to_string(version - 1)));
    CHECK(line.jws == "permit+jwt." + line.payload_json);
  }
}

TEST_CASE("What was signed never changes, whatever happens to the permit afterwards") {
  permits house;
  auto const signed_first = house.book.find("FR-2026-0001/1")->jws;
  house.walk({verb::request_amendment, verb::propose_decision, verb::amend, verb::revoke, verb::appeal_revocation,
              verb::approve_revocation_appeal, verb::request_renewal, verb::propose_decision, verb::renew});

  CHECK(house.book.find("FR-2026-0001/1")->jws == signed_first);
  CHECK(house.versions("FR-2026-0001").ends_with("FR-2026-0001/3 RENEWED"));
}

TEST_CASE("A permit is renewed once in its whole life, also after an amendment or a refusal") {
  permits house;
  house.walk({verb::request_renewal, verb::refuse_renewal, verb::request_renewal, verb::propose_decision, verb::renew});
  CHECK(code(house.act(verb::request_renewal, "applicant", saying("more"))) == "access.case.once");
  house.walk({verb::request_amendment, verb::propose_decision, verb::amend});
  CHECK(code(house.act(verb::request_renewal, "applicant", saying("more"))) == "access.case.once");
  house.walk({verb::revoke, verb::appeal_revocation, verb::approve_revocation_appeal});
  CHECK(code(house.act(verb::request_renewal, "applicant", saying("more"))) == "access.case.once");
}

TEST_CASE("A renewal that is refused leaves the permit as it was") {
  permits house;
  auto const before = house.book.find("FR-2026-0001").value();
  house.walk({verb::request_renewal, verb::refuse_renewal});
  auto const after = house.book.find("FR-2026-0001").value();

  CHECK(after.id == before.id);
  CHECK(after.valid_to == before.valid_to);
  CHECK(after.status == "RENEWAL_REJECTED");
  CHECK(house.revoked().empty());
}

TEST_CASE("Numbers start anew each year and run apart for each country") {
  permits house;
  house.grant_another("second");
  house.time.set(parse_rfc3339("2027-01-04T09:00:00Z").value());
  house.grant_another("third");

  texts ids;
  for (auto const& line : house.book.all()) ids.push_back(line.id);
  CHECK(ids == texts{"FR-2027-0001/1", "FR-2026-0002/1", "FR-2026-0001/1"});
  CHECK(house.book.all(2).size() == 2);
  CHECK_FALSE(house.book.find("FR-2026-0003"));
  CHECK_FALSE(house.book.find("FR-2026-0001/2"));
}

TEST_CASE("The feed names every permit that is no longer in force, once, by its newest version, oldest word first") {
  permits house;  // number 1 is amended, then revoked
  house.walk({verb::request_amendment, verb::propose_decision, verb::amend});
  house.days_pass(1);
  house.walk({verb::revoke});
  house.days_pass(1);
  house.grant_another("second");  // revoked and reinstated
  house.walk({verb::revoke, verb::appeal_revocation, verb::approve_revocation_appeal});
  house.grant_another("third");  // revoked, under appeal
  house.walk({verb::revoke, verb::appeal_revocation});
  house.days_pass(1);
  house.grant_another("fourth");  // lives

  CHECK(house.revoked() == texts{"FR-2026-0001/2 REVOKED", "FR-2026-0003/1 REVOKE_APPEALED"});
  house.time.set(parse_rfc3339("2031-01-01T00:00:00Z").value());
  REQUIRE(house.desk.tick().value() == 2);
  CHECK(house.revoked() == texts{"FR-2026-0001/2 REVOKED", "FR-2026-0003/1 REVOKE_APPEALED", "FR-2026-0002/1 EXPIRED",
                                 "FR-2026-0004/1 EXPIRED"});
}

TEST_CASE("The feed of revocations holds no name, no purpose and no person") {
  permits house;
  house.walk({verb::revoke});
  auto const feed = house.book.revocations_json(house.time.now());

  for (auto const* word : {"researcher-1", "Officer", "Seasonality", "Head of", "Data left"})
    CHECK(feed.find(word) == std::string::npos);
}

TEST_CASE("Revocations of any permit go before grants of any other") {
  permits house;
  house.time.advance(std::chrono::seconds{1});
  house.grant_another("second");
  house.time.advance(std::chrono::seconds{1});
  house.grant_another("third");
  house.time.advance(std::chrono::seconds{1});
  house.walk({verb::revoke});  // the third, whose grant never left

  CHECK(house.waiting() == "FR-2026-0003/1:revoke:9 FR-2026-0001/1:issue FR-2026-0002/1:issue");
}

TEST_CASE("A newer version overtakes an older one that was never delivered, and a grant delivered stays proven") {
  permits house;
  REQUIRE(house.book.mark_done("FR-2026-0001/1:issue", "receipt 1", house.time.now()));
  house.walk({verb::request_amendment, verb::propose_decision, verb::amend, verb::request_renewal,
              verb::propose_decision, verb::renew});

  CHECK(house.waiting() == "FR-2026-0001/3:amend");
  CHECK(house.book.handovers("FR-2026-0001/1").at(0).proof == "receipt 1");
  CHECK(house.book.handovers("FR-2026-0001/2").at(0).proof == "overtaken");
}

TEST_CASE("What failed waits for its time, and what is done is never tried or changed again") {
  permits house;
  auto const key = std::string{"FR-2026-0001/1:issue"};
  auto const later = house.time.now() + std::chrono::minutes{5};
  REQUIRE(house.book.mark_failed(key, "no route", house.time.now(), later));
  CHECK(house.waiting().empty());
  house.time.set(later);
  CHECK(house.waiting() == key);
  REQUIRE(house.book.mark_done(key, "receipt 1", house.time.now()));

  REQUIRE(house.book.mark_done(key, "another receipt", house.time.now()));
  REQUIRE(house.book.mark_failed(key, "late error", house.time.now(), later));
  auto const kept = house.book.handovers("FR-2026-0001/1").at(0);
  CHECK(kept.proof == "receipt 1");
  CHECK(kept.last_error.empty());
  CHECK(kept.attempts == 2);
  CHECK(house.waiting().empty());
}

TEST_CASE("The queue gives out as many as are asked for, and every key is its own") {
  permits house;
  for (int n = 0; n < 5; ++n) house.grant_another("another-" + std::to_string(n));
  auto const all = house.book.due(house.time.now());
  std::set<std::string> keys;
  for (auto const& entry : all) keys.insert(entry.key);

  CHECK(all.size() == 6);
  CHECK(keys.size() == 6);
  CHECK(house.book.due(house.time.now(), 2).size() == 2);
}

TEST_CASE("A signer that refuses stops the whole deed: no permit, no event, no message") {
  std::vector<outgoing_business_message> posted;
  std::vector<audit_note> audited;
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide});
  auto ports = recording_ports(posted, audited);
  ports.sign = [](std::string_view, std::string_view) -> result<std::string> {
    return problem{"keys.gone", "The key is not there.", "", ""};
  };
  case_desk keyless{house.db, house.time, desk_fixture::french(), ports};
  case_command const accept{
      .id = "a", .case_id = house.case_id, .verb = verb::accept, .by = {"r", "", "", {"applicant"}}, .what = {}};

  CHECK(keyless.execute(accept).error().code == "keys.gone");
  CHECK(house.status() == "POSITIVE_DECISION_ISSUED");
  CHECK(permit_book{house.db}.all().empty());
  CHECK(house.desk.rebuild_and_compare().empty());
  CHECK(house.desk.execute(accept));
  CHECK(permit_book{house.db}.find("FR-2026-0001"));  // no number was lost
}

TEST_CASE("The query engine sees a permit's state exactly: live, revoked or expired") {
  auto application = request_application({"FR"});
  desk_fixture house;
  house.arrive(application, "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete});
  auto approval = granting();
  approval.terms->queries = {{"dataset-FR", "sha256:aa"}, {"dataset-FR", "sha256:bb"}};
  REQUIRE(house.act(verb::propose_decision, "assessor", approval));
  house.walk({verb::decide, verb::accept});
  auto const state = [&] {
    return house.db.read([&](node::store::reading& now) {
      return permit_for_query(now, {"dataset-FR", "sha256:bb", "", "", ""}).value().state;
    });
  };
  using policies::permit_state;

  CHECK(state() == permit_state::live);
  for (auto const step :
       {verb::request_amendment, verb::refuse_amendment, verb::request_renewal, verb::refuse_renewal}) {
    house.walk({step});
    CHECK(state() == permit_state::live);
  }
  house.walk({verb::revoke});
  CHECK(state() == permit_state::revoked);
  house.walk({verb::appeal_revocation});
  CHECK(state() == permit_state::revoked);
  house.walk({verb::approve_revocation_appeal});
  CHECK(state() == permit_state::live);
  house.time.set(parse_rfc3339("2029-01-01T00:00:00Z").value());
  REQUIRE(house.desk.tick().value() == 1);
  CHECK(state() == permit_state::expired);
}

TEST_CASE("An access permit never answers for a query, even if it names its hash") {
  permits house;
  auto found = house.db.read([](node::store::reading& now) {
    return permit_for_query(now, {"dataset-FR", "sha256:aa", "", "", ""}).has_value();
  });
  CHECK_FALSE(found);
  auto const as_permit = query_permit(house.book.find("FR-2026-0001").value());
  CHECK(as_permit.basis == policies::legal_basis::data_permit);
  CHECK(as_permit.queries.empty());
}
