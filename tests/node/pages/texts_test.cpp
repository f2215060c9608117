// The fixed texts: every language says everything, and every template is well-formed.
#include <catch2/catch.hpp>
#include <set>

#include "node/pages/page_files.hpp"
#include "node/pages/shipped.hpp"
#include "node/pages/texts.hpp"

using namespace ehds::node::pages;

namespace {

std::set<std::string> keys_of(fixed_texts const& texts) {
  std::set<std::string> keys;
  for (auto const& [key, ignored] : texts.all()) keys.insert(key);
  return keys;
}

}  // namespace

TEST_CASE("every language has every text") {
  auto const english = keys_of(fixed_texts::in("en"));
  for (auto const& language : fixed_texts::languages()) {
    INFO(language);
    CHECK(keys_of(fixed_texts::in(language)) == english);
    for (auto const& [key, text] : fixed_texts::in(language).all()) {
      INFO(key);
      CHECK_FALSE(text.empty());
    }
  }
}

TEST_CASE("every text that a template asks for is there") {
  for (auto const& key : page_templates().word_keys()) {
    INFO(key);
    CHECK_NOTHROW(fixed_texts::in("fr").at(key));
  }
  CHECK(page_templates().names().size() > 20);
}

TEST_CASE("a code without a text is shown legibly, an unknown key is an error") {
  CHECK(fixed_texts::in("fr").of_code("status", "PROCESSING") == "En instruction");
  CHECK(fixed_texts::in("fr").of_code("status", "SOME_NEW_CODE") == "SOME NEW CODE");
  CHECK_THROWS_AS(fixed_texts::in("en").at("nobody_wrote_this"), std::out_of_range);
  CHECK_THROWS_AS(fixed_texts::in("xx"), std::out_of_range);
}

TEST_CASE("nothing inline: no template and no script breaks the policy of the pages") {
  for (auto const name : shipped_page_file_names()) {
    auto const content = shipped_page_file(name).value();
    INFO(name);
    CHECK(content.find("javascript:") == std::string_view::npos);
    CHECK(content.find("innerHTML") == std::string_view::npos);
    CHECK(content.find("eval(") == std::string_view::npos);
  }
}
