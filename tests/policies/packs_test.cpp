#include <catch2/catch.hpp>

#include "policies/example_query.hpp"
#include "policies/packs/country_pack.hpp"

using namespace ehds::policies;
using examples::replaced;

namespace {

std::string shipped(std::string const& country) {
  return std::string(shipped_pack("packs/" + country + ".json").value());
}

}  // namespace

TEST_CASE("the packs we ship are whole") {
  for (auto const* const country : {"fr", "fi", "dk"}) {
    INFO(country);
    auto const text = shipped(country);
    CHECK(faults_in_pack(text).empty());
    auto const pack = read_country_pack(text).value();
    CHECK(policy_for(pack, "any dataset"));
    CHECK(find_deadline(pack, "decision")->count == 3);
    CHECK(find_deadline(pack, "decision")->extension == 3);
    CHECK(find_deadline(pack, "decision")->unit == time_unit::months);
    CHECK(find_deadline(pack, "acceptance")->count == 28);
    CHECK(find_deadline(pack, "publication")->unit == time_unit::working_days);
    CHECK_FALSE(in_language(pack, pack.fees, "en").empty());
    CHECK_FALSE(in_language(pack, pack.authority, "xx").empty());
  }
}

TEST_CASE("countries differ in their disclosure rules") {
  auto const fr = read_country_pack(shipped("fr")).value();
  auto const dk = read_country_pack(shipped("dk")).value();
  CHECK(policy_for(fr, "x")->threshold == 11);
  CHECK(policy_for(fr, "x")->rounding == 10);
  CHECK(find_policy(fr, "fr-rare-diseases")->smallest_population == 50);
  CHECK(policy_for(dk, "x")->threshold == 5);
  CHECK(policy_for(dk, "x")->officer_releases);
  CHECK(find_policy(dk, "fr-statistics") == nullptr);
  CHECK(find_deadline(dk, "unheard of") == nullptr);
}

TEST_CASE("a pack is read from its file, and a fault names the file") {
  std::filesystem::path const shipped_file = EHDS_SOURCE_DIR "/policies/packs/dk.json";
  CHECK(read_country_pack_file(shipped_file)->country == "DK");
  CHECK(read_country_pack_file("no such file").error().code == "pack.file");
  auto const wrong = read_country_pack_file(EHDS_TEST_DIR "/CMakeLists.txt");
  CHECK(wrong.error().code == "json.syntax");
  CHECK(wrong.error().where == EHDS_TEST_DIR "/CMakeLists.txt");
  CHECK(policy_for({}, "x").error().code == "pack.no_policy");
}

TEST_CASE("a text comes in the language asked for, else in the country's own") {
  auto const fr = read_country_pack(shipped("fr")).value();
  CHECK(in_language(fr, fr.fees, "en") == fr.fees.at(1).text);
  CHECK(in_language(fr, fr.fees, "da") == fr.fees.at(0).text);
  CHECK(in_language(fr, {}, "da").empty());
  CHECK(in_language(fr, {{"el", "x"}}, "da") == "x");
}

TEST_CASE("a pack with a fault is refused by name") {
  auto const text = shipped("fr");
  auto const code = [](std::string const& t) {
    auto const read = read_country_pack(t);
    return read ? std::string{} : read.error().code + " " + read.error().where;
  };
  CHECK(code(replaced(text, "\"threshold\": 11", "\"threshold\": 2")) == "pack.value /disclosure/0/threshold");
  CHECK(code(replaced(text, "\"rounding\": 10", "\"rounding\": 2.5")) == "json.number ");
  CHECK(code(replaced(text, "\"country\"", "\"nation\"")) == "pack.missing /country");
  CHECK(code(replaced(text, "\"dataset\": \"*\"", "\"dataset\": \"a\"")) == "pack.missing /datasets");
  CHECK(code(replaced(text, "\"policy\": \"fr-statistics\"", "\"policy\": \"none\"")) == "pack.value /datasets");
  CHECK(code(replaced(text, "\"id\": \"fr-rare-diseases\"", "\"id\": \"fr-statistics\"")) == "pack.value /disclosure");
  CHECK(code(replaced(text, "\"unit\": \"months\"", "\"unit\": \"moons\"")).starts_with("pack.value /deadlines/"));
  CHECK(code(replaced(text, "\"country_pack\"", "\"pack\"")) == "pack.missing /country_pack");
  CHECK(code("") == "json.syntax ");
}
