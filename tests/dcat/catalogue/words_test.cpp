// How text becomes the words that are searched: letters of the Union's languages without case and accents.
#include "dcat/catalogue/words.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace ehds::dcat;

namespace {

struct folding {
  std::string written, folded;
};

// One row a language: its own letters in capitals, then small.
std::vector<folding> const alphabets{
    {"ÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", "acdeeinorstuuyz"},  // Czech
    {"áčďéěíňóřšťúůýž", "acdeeinorstuuyz"},
    {"ÆØÅ æøå", "aeoa aeoa"},  // Danish
    {"ÄÖÜẞ äöüß", "aouss aouss"},
    {"ÕŠŽ õšž", "osz osz"},  // Estonian
    {"ÀÂÇÈÉÊËÎÏÔŒÙÛÜŸ", "aaceeeeiiooeuuuy"},
    {"àâçèéêëîïôœùûüÿ", "aaceeeeiiooeuuuy"},
    {"ÓŐÖÚŰÜ óőöúűü", "ooouuu ooouuu"},                          // Hungarian
    {"ĄĘĆŁŃÓŚŹŻ ąęćłńóśźż", "aeclnoszz aeclnoszz"},              // Polish
    {"ĀČĒĢĪĶĻŅŠŪŽ āčēģīķļņšūž", "acegiklnsuz acegiklnsuz"},      // Latvian
    {"ĄČĘĖĮŠŲŪŽ ąčęėįšųūž", "aceeisuuz aceeisuuz"},              // Lithuanian
    {"ĊĠĦŻ ċġħż", "cghz cghz"},                                  // Maltese
    {"ĂÂÎȘȚ ăâîșț", "aaist aaist"},                              // Romanian
    {"ÁÉÍÑÓÚÜ áéíñóúü", "aeinouu aeinouu"},                      // Spanish
    {"ĐĆŠ đćš", "dcs dcs"},                                      // Croatian
    {"ĹĽŔ ĺľŕ", "llr llr"},                                      // Slovak
    {"ÞÐ þð", "thd thd"},                                        // Icelandic
    {"ΑΒΓΔ ΆΈΉΊΌΎΏ άέήίόύώ ϊϋΐΰ", "αβγδ αεηιουω αεηιουω ιυιυ"},  // Greek
    {"ΪΫ", "ιυ"},
    {"Σσς", "σσσ"},
    {"БЪЛГАРИЯ българия", "българия българия"},  // Bulgarian
};

}  // namespace

TEST_CASE("Letters are compared without case and accents in every language") {
  for (auto const& row : alphabets) {
    INFO(row.written);
    CHECK(folded(row.written) == row.folded);
  }
}

TEST_CASE("Folding twice is folding once") {
  for (auto const& row : alphabets) CHECK(folded(folded(row.written)) == folded(row.written));
  for (std::uint32_t c = 0xC0; c < 0x180; ++c) {
    std::string const letter{static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
    INFO(letter);
    CHECK(folded(folded(letter)) == folded(letter));
  }
}

TEST_CASE("An accent of its own counts for nothing") {
  CHECK(folded("e\u0301te\u0301") == folded("\u00e9t\u00e9"));
  CHECK(words_of("A\u030Angstro\u0308m") == std::vector<std::string>{"angstrom"});
}

TEST_CASE("Words end where neither letters nor digits go on") {
  struct splitting {
    std::string text;
    std::vector<std::string> words;
  };
  std::vector<splitting> const table{
      {"", {}},
      {" \t\n.,;:!?-_/\\()[]{}<>'\"", {}},
      {"ICD-10", {"icd", "10"}},
      {"date_of_birth", {"date", "of", "birth"}},
      {"C00–C97", {"c00", "c97"}},  // an en dash
      {"l’hôpital", {"l", "hopital"}},
      {"«données»", {"donnees"}},
      {"a\u00a0b", {"a", "b"}},  // a space that does not break
      {"2×3÷4", {"2", "3", "4"}},
      {"SARS-CoV-2", {"sars", "cov", "2"}},
      {"µg", {"\u00b5g"}},
      {"日本。語", {"日本", "語"}},
      {"one one", {"one", "one"}},
      {"e\xCC\x81", {"e"}},
  };
  for (auto const& row : table) {
    INFO(row.text);
    CHECK(words_of(row.text) == row.words);
  }
}

TEST_CASE("Broken UTF-8 separates words and never reads beyond its text") {
  for (std::string const& broken : {std::string("\x80"), std::string("\xC3"), std::string("\xE2\x82"),
                                    std::string("\xF0\x9F\x98"), std::string("\xFF")}) {
    auto const words = words_of("good " + broken);
    REQUIRE_FALSE(words.empty());
    CHECK(words.front() == "good");
  }
  CHECK(words_of("a\x80 b") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("A very long word is cut, and its beginning still finds it") {
  auto const words = words_of(std::string(5000, 'a'));
  REQUIRE(words.size() == 1);
  CHECK(words[0].size() <= longest_word + 4);
  CHECK(words_of(std::string(6000, 'A')) == words);
}
