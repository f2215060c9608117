#include "node/access/archive/application_archive.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/access/central/drafts.hpp"
#include "node/access/desk_fixture.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;

namespace {

struct centre_fixture {
  std::filesystem::path folder = fresh_folder();
  manual_clock time{parse_rfc3339("2026-11-24T09:00:00Z").value()};
  std::vector<outgoing_business_message> posted;
  std::vector<audit_note> audited;
  node::store::database db =
      node::store::database::open(folder / "eu.sqlite", {.migrations = application_centre::migrations()}).value();
  application_centre centre{db, time, recording_ports(posted, audited)};
  std::string draft = centre.create_draft("me", application_type::data_access).value();
  case_actor const me{"me", "", "", {"applicant"}};

  centre_fixture() = default;
  centre_fixture(centre_fixture const&) = delete;
  ~centre_fixture() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  void fill() {
    auto form = nlohmann::ordered_json::parse(access_form({"FI", "FR"}));
    auto const plan = centre.put_file(draft, "me", "plan.pdf", "%PDF-").value();
    form["section5"]["summaryOfResearchPlan"][0]["id"] = plan.id;
    for (auto const& [section, answers] : form.items())
      REQUIRE(centre.save_section(draft, "me", section, answers.dump()));
    REQUIRE(centre.set_datasets(draft, "me", {dataset("a", "FI"), dataset("b", "FR"), dataset("c", "FR")}));
  }
};

}  // namespace

TEST_CASE("A draft is kept section by section and shown again") {
  centre_fixture house;

  CHECK(house.centre.save_section(house.draft, "me", "section2", R"({"projectName":"Half"})").value() == 2);
  CHECK(house.centre.save_section(house.draft, "me", "section6", R"([{"country_id":"FR"}])", 2).value() == 3);

  auto const page = house.centre.find_draft(house.draft, "me").value();
  CHECK(page.line.title == "Half");
  CHECK(page.version == 3);
  CHECK(page.release == "r8");
  CHECK(page.form_json == R"({"section2":{"projectName":"Half"},"section6":[{"country_id":"FR"}]})");
  CHECK(house.centre.drafts("me").size() == 1);
}

TEST_CASE("Two windows do not overwrite each other unseen") {
  centre_fixture house;
  REQUIRE(house.centre.save_section(house.draft, "me", "section2", R"({"projectName":"First"})", 1));

  CHECK(house.centre.save_section(house.draft, "me", "section2", R"({"projectName":"Second"})", 1).error().code ==
        "access.draft.version");
}

TEST_CASE("Another's draft is as if it were not there") {
  centre_fixture house;

  CHECK_FALSE(house.centre.find_draft(house.draft, "you"));
  CHECK(house.centre.save_section(house.draft, "you", "section2", "{}").error().code == "access.draft.unknown");
  CHECK(house.centre.set_datasets(house.draft, "you", {}).error().code == "access.draft.unknown");
  CHECK(house.centre.put_file(house.draft, "you", "a.pdf", "x").error().code == "access.draft.unknown");
  CHECK(house.centre.check_draft(house.draft, "you").error().code == "access.draft.unknown");
  CHECK(house.centre.submit(house.draft, {"you", "", "", {}}, "k").error().code == "access.draft.unknown");
}

TEST_CASE("A draft is discarded by its owner, with its files, once") {
  centre_fixture house;
  REQUIRE(house.centre.put_file(house.draft, "me", "a.pdf", "x"));

  CHECK(house.centre.discard_draft(house.draft, "you").error().code == "access.draft.unknown");
  CHECK(house.centre.find_draft(house.draft, "me"));
  CHECK(house.centre.discard_draft(house.draft, "me"));
  CHECK_FALSE(house.centre.find_draft(house.draft, "me"));
  CHECK(house.centre.drafts("me").empty());
  CHECK(house.centre.discard_draft(house.draft, "me").error().code == "access.draft.unknown");
}

TEST_CASE("A wrong answer is refused at once and the draft stays as it was") {
  centre_fixture house;

  CHECK(house.centre.save_section(house.draft, "me", "section2", R"({"nonsense":1})").error().code ==
        "access.form.unknown_field");
  CHECK(house.centre.save_section(house.draft, "me", "section2", "{").error().code == "access.json.syntax");
  CHECK(house.centre.find_draft(house.draft, "me")->version == 1);
}

TEST_CASE("Submission is refused with all findings until there are none") {
  centre_fixture house;

  auto const refused = house.centre.submit(house.draft, house.me, "k");
  CHECK(refused.error().code == "access.application.incomplete");
  CHECK(house.centre.check_draft(house.draft, "me")->size() > 30);
  CHECK(house.posted.empty());
  house.fill();
  CHECK(house.centre.check_draft(house.draft, "me")->empty());
}

TEST_CASE("Submission sends one message to each country, once for each key, and the draft is gone") {
  centre_fixture house;
  house.fill();

  auto const id = house.centre.submit(house.draft, house.me, "k").value();
  CHECK(house.centre.submit(house.draft, house.me, "k").value() == id);

  REQUIRE(house.posted.size() == 2);
  CHECK(house.posted[0].to_nation == "FI");
  CHECK(house.posted[1].to_nation == "FR");
  CHECK(house.posted[0].action == "dataAccessApplication");
  CHECK(house.posted[0].content_json == house.posted[1].content_json);
  auto const document = read_application_metadata(house.posted[0].content_json).value();
  CHECK(document.application_id == id);
  CHECK(document.date_submitted == "2026-11-24T09:00:00.000Z");
  CHECK(document.datasets.size() == 3);
  CHECK(node::access::check_attachments(document, house.posted[0].attachments_zip).empty());
  CHECK_FALSE(house.centre.find_draft(house.draft, "me"));
  CHECK(house.audited.size() == 1);
}

TEST_CASE("A country that refuses a message is seen to have done so") {
  centre_fixture house;
  house.fill();
  auto const id = house.centre.submit(house.draft, house.me, "k").value();
  REQUIRE(house.db.commit([&](node::store::transaction& tx) -> result<void> {
    return house.centre.note_refusal(tx, id, "FI", "m-9", {{"x", "The ZIP file is damaged.", "", ""}});
  }));

  auto const page = house.centre.find(id, "me").value();
  CHECK(page.events.back().what == "The national node refused a message; The ZIP file is damaged.");
  CHECK(page.events.back().country == "FI");
}

TEST_CASE("A message to a country that was given up is seen by the applicant") {
  centre_fixture house;
  house.fill();
  auto const id = house.centre.submit(house.draft, house.me, "k").value();
  REQUIRE(house.db.commit([&](node::store::transaction& tx) -> result<void> {
    REQUIRE(house.centre.note_undelivered(tx, "no application", "FI", "m-8", "Nobody answered."));
    return house.centre.note_undelivered(tx, id, "FI", "m-9", "Nobody answered.");
  }));

  auto const page = house.centre.find(id, "me").value();
  CHECK(page.events.back().what == "A message did not reach the national node; Nobody answered.");
  CHECK(page.events.back().country == "FI");
  CHECK(page.events.back().message_id == "m-9");
}

TEST_CASE("Files are kept within the rules and can be taken out again") {
  centre_fixture house;
  auto const kept = house.centre.put_file(house.draft, "me", "a.pdf", "12345").value();
  CHECK(kept.size == 5);
  CHECK(house.centre.find_draft(house.draft, "me")->files.size() == 1);
  REQUIRE(house.centre.remove_file(house.draft, "me", kept.id));
  CHECK(house.centre.find_draft(house.draft, "me")->files.empty());

  CHECK(house.centre.put_file(house.draft, "me", "a.exe", "x").error().code == "access.file.type");
  CHECK(house.centre.put_file(house.draft, "me", "../a.pdf", "x").error().code == "access.file.name");
  CHECK(house.centre.put_file(house.draft, "me", "a.pdf", "").error().code == "access.file.size");
  for (int i = 0; i < 20; ++i) REQUIRE(house.centre.put_file(house.draft, "me", "a.pdf", "x"));
  CHECK(house.centre.put_file(house.draft, "me", "a.pdf", "x").error().code == "access.file.too_many");
}

TEST_CASE("Changed sections are put in their places, section six country by country") {
  CHECK(
      merged_form(R"({"section2":{"a":1,"b":2},"section6":[{"country_id":"FI","x":1},{"country_id":"FR","x":1}]})",
                  R"({"section2":{"b":3},"section6":{"country_id":"FR","x":2},"section7":{"c":4}})")
          .value() ==
      R"({"section2":{"a":1,"b":3},"section6":[{"country_id":"FI","x":1},{"country_id":"FR","x":2}],"section7":{"c":4}})");
  CHECK(merged_form(R"({"section2":7})", R"({"section6":[7,8,[]],"section2":{"a":1}})").value() ==
        R"({"section2":{"a":1},"section6":[]})");
  CHECK(merged_form("{}", "[]").error().code == "access.json.syntax");
}

TEST_CASE("The counts are a sentence made anew each time") {
  auto const cell = [](char const* decision, char const* next, char const* status = "PROCESSING") {
    authority_status one;
    one.decision = decision;
    one.next_actor = next;
    one.status = status;
    return one;
  };
  CHECK(counts_of({cell("", "the authority")}) == "0 of 1 decided");
  CHECK(counts_of({cell("Positive", "nobody"), cell("Negative", "nobody")}) == "2 of 2 decided: 1 granted, 1 refused");
  CHECK(counts_of({cell("Positive", "you"), cell("", "you"), cell("", "nobody", "WITHDRAWN")}) ==
        "1 of 3 decided: 1 granted; 1 withdrawn; 2 wait for you");
}

TEST_CASE("A draft that was asked for twice under one key was begun twice") {
  centre_fixture house;
  auto const first = house.centre.create_draft("me", application_type::data_request, "k").value();

  CHECK(house.centre.create_draft("me", application_type::data_request, "k").value() == first);
  CHECK(house.centre.create_draft("me", application_type::data_access, "k").error().code == "access.command.reused");
  CHECK(house.centre.create_draft("you", application_type::data_request, "k").value() != first);
  CHECK(house.centre.create_draft("me", application_type::data_request).value() !=
        house.centre.create_draft("me", application_type::data_request).value());
}

TEST_CASE("A second draft submitted under the key of the first was answered with the first") {
  centre_fixture house;
  house.fill();
  REQUIRE(house.centre.submit(house.draft, house.me, "k"));
  auto const other = house.centre.create_draft("me", application_type::data_access).value();

  CHECK(house.centre.submit(other, house.me, "k").error().code == "access.command.reused");
  CHECK(house.centre.find_draft(other, "me"));
}
