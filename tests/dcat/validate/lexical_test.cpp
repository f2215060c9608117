// Lexical forms of XML Schema 1.1 Part 2, good and bad, type by type.
#include "dcat/validate/lexical.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace ehds::dcat;

namespace {

struct forms_of_type {
  std::string type;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

std::vector<forms_of_type> const table{
    {"boolean", {"true", "false", "0", "1"}, {"", "TRUE", "yes", "2", " true", "true "}},
    {"integer", {"0", "-0", "+7", "007", "-12345678901234567890123"}, {"", "+", "-", "1.0", "1e3", "0x1", "--1", "1 "}},
    {"nonNegativeInteger", {"0", "+0", "-0", "-000", "42"}, {"", "-1", "-01", "1.0", "many"}},
    {"decimal", {"1", "1.", ".5", "-1.50", "+0.0"}, {"", ".", "-.", "1e3", "1.2.3", "1,5", "INF"}},
    {"date",
     {"2024-02-29", "1900-01-01Z", "2020-12-31+14:00", "2020-12-31-05:30"},
     {"", "2023-02-29", "2020-13-01", "2020-00-10", "2020-1-1", "20200101", "2020-01-01T00:00:00", "2020-01-01+14:01",
      "2020-01-01+15:00", "2020-01-01+10:60", "2020-01-01+1:00", "2020-01-01z"}},
    {"dateTime",
     {"2020-01-31T00:00:00", "2020-01-31T23:59:59.999Z", "2020-01-31T24:00:00", "2020-01-31T12:00:00+02:00"},
     {"2020-01-31", "2020-01-31T", "2020-01-31 12:00:00", "2020-01-31T12:00", "2020-01-31T24:00:01",
      "2020-01-31T24:30:00", "2020-01-31T25:00:00", "2020-01-31T12:60:00", "2020-01-31T12:00:60",
      "2020-01-31T12:00:00.", "2020-01-31T12:00:00.5x", "2020-02-30T12:00:00"}},
    {"gYear", {"1990", "2020Z", "2020+01:00"}, {"", "90", "199", "1990-01", "year", "1990 "}},
    {"gYearMonth", {"1990-01", "2020-12Z"}, {"1990", "1990-13", "1990-00", "1990-1", "1990-01-01"}},
    {"duration",
     {"P1Y", "P1M", "P7D", "PT1H", "PT1M", "PT0.5S", "-P1Y2M3DT4H5M6.7S", "P0D"},
     {"", "P", "PT", "P1", "1Y", "P1YT", "P1D1Y", "P1Y1Y", "P1.5Y", "P.5D", "PT1.5M", "PT5.S", "PT1D", "P1H", "P1S",
      "P-1Y", "+P1Y", "P1YT1HT1S", "monthly"}},
    {"hexBinary", {"", "00ff", "ABCDEF"}, {"0", "abc", "0x00", "gg"}},
    {"long", {"-9", "9"}, {"9.0", ""}},
    {"int", {"-9", "9"}, {"nine"}},
};

}  // namespace

TEST_CASE("Every datatype knows its lexical forms and refuses the others") {
  for (auto const& row : table) {
    auto const iri = "http://www.w3.org/2001/XMLSchema#" + row.type;
    for (auto const& text : row.good) {
      INFO(row.type + " '" + text + "' is good");
      CHECK(is_lexical_form(text, iri));
    }
    for (auto const& text : row.bad) {
      INFO(row.type + " '" + text + "' is bad");
      CHECK_FALSE(is_lexical_form(text, iri));
    }
  }
}

TEST_CASE("A datatype that we do not know accepts every text") {
  CHECK(is_lexical_form("anything", "http://www.w3.org/2001/XMLSchema#token"));
  CHECK(is_lexical_form("anything", "http://example.org/own"));
  CHECK(is_lexical_form("x", "http://www.w3.org/2001/XMLSchema"));
}
