// The line of a slip, and the word that was meant.
#include "base/slips.hpp"

#include <set>

#include <catch2/catch.hpp>

using namespace ehds;

TEST_CASE("a byte is told as its line and column, also at the ends of the text") {
  CHECK(line_and_column("", 0) == "line 1, column 1");
  CHECK(line_and_column("{", 2) == "line 1, column 2");
  CHECK(line_and_column("a\nbc\n", 1) == "line 1, column 1");
  CHECK(line_and_column("a\nbc\n", 3) == "line 2, column 1");
  CHECK(line_and_column("a\nbc\n", 4) == "line 2, column 2");
  CHECK(line_and_column("a\nbc\n", 6) == "line 3, column 1");
  CHECK(line_and_column("a\nbc\n", 600) == "line 3, column 1");
}

TEST_CASE("the nearest word is one that may have been meant, or none") {
  std::vector<std::string> const words{"address", "actions", "agreement", "id", "us"};
  CHECK(nearest_word("adress", words) == "address");
  CHECK(nearest_word("Address", words) == "address");
  CHECK(nearest_word("agrement", words) == "agreement");
  CHECK(nearest_word("action", words) == "actions");
  CHECK(nearest_word("id", words) == "id");
  CHECK_FALSE(nearest_word("xy", words));  // two edits of two letters are another word
  CHECK_FALSE(nearest_word("colour", words));
  CHECK_FALSE(nearest_word("", words));
  CHECK_FALSE(nearest_word("i", words));
  CHECK_FALSE(nearest_word(std::string(65, 'a'), {std::string(65, 'a')}));
  CHECK_FALSE(nearest_word("address", {}));
}

TEST_CASE("words to choose from, as a sentence names them") {
  using namespace std::string_view_literals;
  CHECK(listed(std::vector<std::string>{}).empty());
  CHECK(listed(std::vector{"pdf"sv}) == "pdf");
  CHECK(listed(std::set<std::string>{"b", "a", "c"}) == "a, b, c");
  CHECK(either({}).empty());
  CHECK(either({"pdf"}) == "pdf");
  CHECK(either({"pdf", "docx"}) == "pdf or docx");
  CHECK(either({"pdf", "docx", "odt"}) == "pdf, docx or odt");
}

TEST_CASE("a slip is one edit of a short word, and of a longer one a quarter of its letters") {
  std::vector<std::string> const words{"action",      "nation_id", "markAsDownloaded",
                                       "fromPartyId", "messageID", "subject"};
  struct {
    char const *written, *meant;
  } const cases[] = {
      {"actoin", "action"},     // changed places: one slip
      {"nation", "nation_id"},  // cut short, not another word of as many letters
      {"action_id", "action"},  // goes on
      {"markAsDownloadet", "markAsDownloaded"},
      {"mark_as_downloaded", "markAsDownloaded"},
      {"fromParty", "fromPartyId"},
      {"messageid", "messageID"},  // another case is no edit
      {"notion", ""},              // two edits of six letters
      {"direction", ""},
      {"act", ""},  // too short to be the beginning of one
      {"object", ""},
  };
  for (auto const& [written, meant] : cases) {
    INFO(written);
    CHECK(nearest_word(written, words).value_or("") == meant);
  }
  CHECK_FALSE(nearest_word("nation", {"action", "count"}));
  CHECK(did_you_mean("actoin", words) == "did you mean action? ");
  CHECK(did_you_mean("colour", words).empty());
}
