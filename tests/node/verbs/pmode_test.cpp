// ehds-node pmode: check, schema, import.
#include <catch2/catch.hpp>
#include <fstream>

#include "edelivery/keys.hpp"
#include "node/house/one_house.hpp"
#include "node/verbs/program.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;

namespace {

std::string const domibus = EHDS_SOURCE_DIR "/tests/fuzz/corpus/domibus_pmode/small.xml";

}  // namespace

TEST_CASE("pmode schema prints the published schema") {
  auto const done = run({"pmode", "schema"});
  CHECK(done.code == 0);
  CHECK(json::parse(done.output).at("$id") == "urn:ehds:edelivery:pmodes");
}

TEST_CASE("what is imported is checked good once the certificate lies beside it") {
  fresh_folder const folder;
  auto const made = run({"pmode", "import", domibus, "--party", "b"});
  CHECK(made.code == 0);
  CHECK(json::parse(made.output).at("pmodes").size() == 1);
  CHECK(made.complaint.find("trust store of Domibus") != std::string::npos);
  auto const file = file_with(folder, "pmodes.json", made.output);
  auto const missing = run({"pmode", "check", file});
  CHECK(missing.code == 1);
  CHECK(missing.complaint.find("there is no readable file " + (folder / "r.pem").string()) != std::string::npos);
  // The partner of the sample signs with the certificate that it is encrypted for.
  file_with(folder, "r.pem", edelivery::tests::receiver().cert.pem());
  auto const good = run({"pmode", "check", file});
  INFO(good.complaint);
  CHECK(good.code == 0);
  CHECK(good.output == "1 P-Mode, good\n");
}

TEST_CASE("behind a Domibus a P-Mode needs no address and no certificates, which is said when it is checked") {
  fresh_folder const folder;
  auto const file = file_with(
      folder, "pmodes.json",
      R"({"pmodes": [{"id": "a", "service": {"value": "urn:s"}, "us": {"id": "FR"}, "partner": {"id": "EU"}}]})");
  CHECK(run({"pmode", "check", file}).code == 1);
  auto const good = run({"pmode", "check", file, "--behind-domibus"});
  INFO(good.complaint);
  CHECK(good.code == 0);
  CHECK(good.output == "1 P-Mode, good\n");
}

TEST_CASE("pmode check says everything that is wrong with its place and mend; exit 1, and 2 for what is no JSON") {
  fresh_folder const folder;
  auto const wrong = run({"pmode", "check", file_with(folder, "a.json", R"({"pmodes": [{"colour": 1}], "x": 1})")});
  CHECK(wrong.code == 1);
  for (auto const* place : {"/pmodes/0/id", "/pmodes/0/colour", "/pmodes/0/partner", "/x"})
    CHECK(wrong.complaint.find(place) != std::string::npos);
  CHECK(wrong.complaint.find("Mend: ") != std::string::npos);
  auto const broken = run({"pmode", "check", file_with(folder, "b.json", "{\n{")});
  CHECK(broken.code == 2);
  CHECK(is_one_sentence(broken, "JSON (at line 2, column 1)"));
  CHECK(run({"pmode", "check", "/nowhere.json"}).code == 2);
}

TEST_CASE("pmode check warns of what can be used and is hardly meant, and the file is good all the same") {
  fresh_folder const folder;
  json const mode{{"id", "a"}, {"service", {{"value", "urn:s"}}}, {"us", {{"id", "FR"}}}, {"partner", {{"id", "EU"}}}};
  auto second = mode;
  second["id"] = "b";
  auto const file = file_with(folder, "pmodes.json", json{{"pmodes", {mode, second}}}.dump());
  auto const warned = run({"pmode", "check", file, "--behind-domibus"});
  CHECK(warned.code == 0);
  CHECK(warned.output == "2 P-Modes, all good\n");
  CHECK(is_one_sentence(warned, "(at a, b)"));
  CHECK(warned.complaint.starts_with("ehds-node: warning: "));
}

TEST_CASE("pmode check of a folder says that a file is checked") {
  fresh_folder const folder;
  auto const done = run({"pmode", "check", folder.path().string()});
  CHECK(done.code == 2);
  CHECK(is_one_sentence(done, "is a folder"));
  CHECK(done.complaint.find("Mend: name a file in it") != std::string::npos);
}

TEST_CASE("pmode check says of a list without P-Modes that it is empty") {
  fresh_folder const folder;
  auto const empty = run({"pmode", "check", file_with(folder, "none.json", R"({"pmodes": []})")});
  CHECK(empty.code == 0);
  CHECK(empty.output == "no P-Mode: the list is empty, and nothing is exchanged\n");
}

TEST_CASE("pmode import: nothing for this party is 1, no such party or no such file is 2") {
  fresh_folder const folder;
  auto const nobody = run({"pmode", "import", domibus, "--party", "nobody"});
  CHECK(nobody.code == 2);
  CHECK(is_one_sentence(nobody, "nobody"));
  CHECK(run({"pmode", "import", file_with(folder, "a.xml", "<a/>")}).code == 2);
  CHECK(run({"pmode", "import", "/nowhere.xml"}).code == 2);
  auto const empty = run({"pmode", "import",
                          file_with(folder, "b.xml",
                                    R"(<d:configuration xmlns:d="http://domibus.eu/configuration" party="b">)"
                                    R"(<businessProcesses><parties><party name="b" endpoint="http://b/"/></parties>)"
                                    R"(</businessProcesses></d:configuration>)")});
  CHECK(empty.code == 1);
  CHECK(json::parse(empty.output).at("pmodes").empty());
  for (auto const& words : {std::vector<std::string>{"pmode"}, {"pmode", "dance"}, {"pmode", "check"}})
    CHECK(run(words).code == 2);
}
