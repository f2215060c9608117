// What rooms keep in English, in the words of the reader; and the page for an address where there is none.
#include "node/pages/sentences.hpp"

#include <catch2/catch.hpp>

#include "node/pages/page_house.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace page_tests;

namespace {

struct readers {
  page_house house;
  http::request plain;
  http::request french_request;
  readers() { french_request.headers.set("Accept-Language", "fr"); }
  pages::visit english() { return {house.rooms, plain}; }
  pages::visit french() { return {house.rooms, french_request}; }
};

struct pair_of_words {
  char const* kept;
  char const* english;
  char const* french;
};

}  // namespace

TEST_CASE("what happened to an application is said in the reader's language, codes in words") {
  readers r;
  for (auto const& one : std::vector<pair_of_words>{
           {"The status is now PRE_SCREENING", "Now: Being screened", "Désormais : En vérification"},
           {"The authority asks for information (2)", "The authority asks for information (questions: 2)",
            "L'autorité demande des informations (questions : 2)"},
           {"The authority decided: granted", "The authority decided: Granted", "L'autorité a décidé : Accordée"},
           {"The decision was answered: appeal", "The applicant answered the decision: appealed",
            "Le demandeur a répondu à la décision : recours"},
           {"The authority extended its period: Holidays", "The authority extended its period: Holidays",
            "L'autorité a prolongé son délai : Holidays"},
           {"A message did not reach the national node; too late",
            "A message did not reach the national node: too late",
            "Un message n'a pas atteint le nœud national : too late"},
           {"Permit FR-1/1 is GRANTED", "Permit FR-1/1: in force", "Autorisation FR-1/1 : en vigueur"},
           {"Something that nobody translated", "Something that nobody translated",
            "Something that nobody translated"}}) {
    INFO(one.kept);
    CHECK(pages::event_in_words(r.english(), one.kept) == one.english);
    CHECK(pages::event_in_words(r.french(), one.kept) == one.french);
  }
}

TEST_CASE("counts and notes are said in the reader's language") {
  readers r;
  CHECK(pages::counts_in_words(r.english(), "2 of 2 decided: 1 granted, 1 refused") ==
        "2 of 2 decided: 1 granted, 1 refused");
  CHECK(pages::counts_in_words(r.french(), "2 of 4 decided: 1 granted, 1 refused; 1 waits for you") ==
        "2 sur 4 décidées: 1 accord, 1 refus; 1 attend votre réponse");
  CHECK(pages::note_in_words(r.french(), "2 of 3 authorities answered: FI, FR") ==
        "2 sur 3 autorités ont répondu: Finlande, France");
  CHECK(pages::note_in_words(r.english(), "0 of 3 authorities answered") == "0 of 3 authorities answered");
  CHECK(pages::note_in_words(r.french(), "sum of national figures: a person known in two countries counts twice")
            .starts_with("somme de chiffres nationaux"));
}

TEST_CASE("authorities and countries have names, labels have words") {
  readers r;
  CHECK(pages::country_in_words(r.french(), "DK") == "Danemark");
  CHECK(pages::country_in_words(r.french(), "XX") == "XX");
  CHECK(pages::label_in_words(r.french(), "female") == "femmes");
  CHECK(pages::label_in_words(r.french(), "18-39") == "18-39");
  CHECK(pages::authority_in_words(r.english(), "FI-HDAB") == "Health data access body of Finland");
  CHECK(pages::authority_in_words(r.english(), "XX-HDAB") == "XX-HDAB");
  CHECK(pages::authority_in_words(r.english(), "Findata") == "Findata");
  access::dataset_reference one;
  one.country = "FI";
  one.authority = "Findata";
  CHECK(pages::authority_in_words(r.english(), "FI-HDAB", {one}) == "Findata");
  auto other = one;
  other.authority = "Another";
  CHECK(pages::authority_in_words(r.english(), "FI-HDAB", {one, other}) == "Health data access body of Finland");
}

TEST_CASE("a browser gets a page where there is nothing, a program the problem") {
  page_house house;
  visitor someone(house);
  someone.headers["Accept"] = "text/html,application/xhtml+xml";
  auto const page = someone.get("/nonexist");
  CHECK(page.status == 404);
  CHECK(page.headers.get("Content-Type").find("text/html") == 0);
  CHECK(page.body.find("There is no page at this address.") != std::string::npos);
  CHECK(badly_nested(page.body).empty());
  someone.headers["Accept"] = "application/json";
  auto const plain = someone.get("/nonexist");
  CHECK(plain.status == 404);
  CHECK(plain.headers.get("Content-Type") == "application/problem+json");
}
