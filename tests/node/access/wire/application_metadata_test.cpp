#include "node/access/wire/application_metadata.hpp"

#include "node/access/samples.hpp"

#include <catch2/catch.hpp>

using namespace ehds::node::access;

TEST_CASE("What is written is read again") {
  auto const application = access_samples::access_application({"FI", "FR"});
  auto const read = read_application_metadata(write_application_metadata(application)).value();

  CHECK(read.application_id == application.application_id);
  CHECK(read.type == application.type);
  CHECK(read.title == application.title);
  CHECK(read.applicant == "researcher-1");
  CHECK(read.form_json == application.form_json);
  CHECK(read.countries() == std::vector<std::string>{"FI", "FR"});
  CHECK(read.datasets.at(0).title("en") == "Hospital stays of FI");
  CHECK(read.datasets.at(0).title("fr") == "Hospital stays of FI");
  CHECK(read.attachments.at(0).name == "plan.pdf");
  CHECK(write_application_metadata(read) == write_application_metadata(application));
}

TEST_CASE("The reader takes the shapes that are seen on the wire") {
  auto const read = read_application_metadata(R"({
    "application_id": "a-1", "application_type": {"key": "DATA_REQUEST_APPLICATION"}, "title": {"fi": "Otsikko"},
    "dateSubmitted": "2026-08-21T09:16:16.461529238Z", "version": 0, "user": "u-7",
    "datasets": [{"dataset_id": "d", "title": "Plain", "country": "FI", "hdab": "Findata"}],
    "form": {"section9": {"additionalAttachment": [{"id": "7", "name": "a.pdf", "size": 3}]}}})")
                        .value();

  CHECK(read.type == application_type::data_request);
  CHECK(read.title == "Otsikko");
  CHECK(read.version == 1);
  CHECK(read.applicant == "u-7");
  CHECK(read.form_release == "r8");
  CHECK(read.datasets.at(0).country == "FI");
  CHECK(read.datasets.at(0).authority == "Findata");
  CHECK(read.attachments.at(0).id == "7");
}

TEST_CASE("A member that must be there and is not is named") {
  auto const row = GENERATE(table<char const*, char const*>(
      {{"{}", "/application_id"},
       {R"({"application_id":"a"})", "/application_type"},
       {R"({"application_id":"a","application_type":"request"})", "/datasets"},
       {R"({"application_id":"a","application_type":"request","datasets":[]})", "/datasets"},
       {R"({"application_id":"a","application_type":"request","datasets":[{}],"form":[]})", "/form"}}));
  auto const read = read_application_metadata(std::get<0>(row));

  REQUIRE_FALSE(read);
  CHECK(read.error().code == "access.metadata.missing");
  CHECK(read.error().where == std::get<1>(row));
}
