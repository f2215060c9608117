#include "policies/screening/field_types.hpp"

#include <catch2/catch.hpp>

using namespace ehds::policies;

namespace {

auto const today = ehds::parse_date("2026-11-22").value();

using list = std::vector<std::string>;

field_rule rule(std::string key, field_type type = field_type::text) {
  field_rule r;
  r.key = std::move(key);
  r.title = r.key;
  r.type = type;
  return r;
}

field_rule required(field_rule r) {
  r.required = true;
  return r;
}

form_rules rules(std::vector<field_rule> fields, bool per_country = false) {
  return {{{"s2", "Project", per_country, std::move(fields)}}, {{"pdf", "odt"}, 100}};
}

answer given(std::string const& key, list const& values, std::string const& part = "/form/s2") {
  answer a{key, {}};
  for (auto const& value : values) a.entries.push_back({part + "/" + key, value, {}, false, {}});
  return a;
}

answer odd(std::string const& key) { return {key, {{"/form/s2/" + key, {}, {}, true, {}}}}; }

filled_part part(std::vector<answer> answers) { return {"s2", "/form/s2", {}, false, std::move(answers)}; }

filled_form form(std::vector<answer> answers) { return {"/form", {part(std::move(answers))}, {}, {}}; }

list codes(ehds::problems const& found) {
  list text;
  for (auto const& p : found) text.push_back(p.code.substr(std::string("screening.").size()) + " " + p.where);
  return text;
}

list complete(filled_form const& filled, form_rules const& asked) {
  return codes(screen_complete(filled, asked, today));
}

list draft(filled_form const& filled, form_rules const& asked) { return codes(screen_draft(filled, asked)); }

}  // namespace

TEST_CASE("a whole form passes, its lengths counted in characters") {
  auto name = required(rule("name"));
  name.max = 5;
  CHECK(complete(form({given("name", {"éàüöß"})}), rules({name})).empty());
  CHECK(complete(form({given("name", {"éàüößé"})}), rules({name})) == list{"form.too_long /form/s2/name"});
}

TEST_CASE("words are counted between blanks, and more than allowed is a finding of the whole form, not of the draft") {
  CHECK(words_in("") == 0);
  CHECK(words_in(" \n\t") == 0);
  CHECK(words_in("one") == 1);
  CHECK(words_in("  l'étude, en  deux\nlignes ") == 4);
  auto summary = required(rule("summary"));
  summary.max_words = 3;
  CHECK(complete(form({given("summary", {"three words only"})}), rules({summary})).empty());
  auto const long_one = form({given("summary", {"these are four words"})});
  CHECK(complete(long_one, rules({summary})) == list{"form.too_many_words /form/s2/summary"});
  CHECK(screen_complete(long_one, rules({summary}), today).front().detail == "The answer has 4 words; 3 are allowed.");
  CHECK(screen_draft(long_one, rules({summary})).empty());  // kept, so that it can be shortened
}

TEST_CASE("a country is a code of two capital letters") {
  auto country = required(rule("country"));
  country.is_country = true;
  CHECK(complete(form({given("country", {"FR"})}), rules({country})).empty());
  for (auto const* const wrong : {"France", "fr", "F", "F1", "FRA", "F R"}) {
    INFO(wrong);
    CHECK(complete(form({given("country", {wrong})}), rules({country})) == list{"form.country /form/s2/country"});
  }
  country.required = false;
  CHECK(complete(form({given("country", {})}), rules({country})).empty());
}

TEST_CASE("all findings of an application come in one list, in the order of the rules, each with its mend") {
  auto const asked =
      rules({required(rule("name")), required(rule("leader")), rule("mail", field_type::email), rule("kept")});
  auto const filled = form({given("mail", {"nobody"}), given("name", {"  \n"})});

  CHECK(complete(filled, asked) ==
        list{"form.missing /form/s2/name", "form.missing /form/s2/leader", "form.type /form/s2/mail"});
  for (auto const& p : screen_complete(filled, asked, today)) CHECK_FALSE(p.mend.empty());
}

TEST_CASE("a section that is not begun lacks all its answers, one of a strange shape is one finding") {
  auto const asked = rules({required(rule("name"))});
  filled_form strange{"/form", {{"s2", "/form/s2", {}, true, {}}}, {}, {}};

  CHECK(complete({"/form", {}, {}, {}}, asked) == list{"form.missing /form/s2/name"});
  CHECK(complete(strange, asked) == list{"form.type /form/s2"});
  CHECK(draft(strange, asked) == list{"form.type /form/s2"});
}

TEST_CASE("a missing answer names the article that asks for it") {
  auto why = required(rule("why"));
  why.article = "67(2)(c)";
  auto const found = screen_complete(form({}), rules({why}), today);

  REQUIRE(found.size() == 1);
  CHECK(found[0].detail == "\"why\" is not answered (Art. 67(2)(c)).");
}

TEST_CASE("a draft may be half empty, but holds nothing wrong and nothing unknown") {
  auto const asked = rules({required(rule("name")), rule("size", field_type::number)});
  auto filled = form({given("size", {"many"}), given("other", {"x"})});
  filled.parts.push_back({"s9", "/form/s9", {}, false, {}});

  CHECK(draft(form({}), asked).empty());
  CHECK(draft(filled, asked) ==
        list{"form.type /form/s2/size", "form.unknown_field /form/s2/other", "form.unknown_section /form/s9"});
}

TEST_CASE("what the form does not know is passed over in a whole application") {
  CHECK(complete(form({given("new_in_release_nine", {"x"})}), rules({rule("name")})).empty());
}

TEST_CASE("a field may be wanted only when one beside it says so") {
  auto reason = rule("reason");
  reason.required_if = asked_if{"", "kind", {"a"}};
  auto const asked = rules({reason, rule("kind", field_type::tick)});

  CHECK(complete(form({given("kind", {"a"})}), asked) == list{"form.missing /form/s2/reason"});
  CHECK(complete(form({given("kind", {""})}), asked).empty());
  CHECK(complete(form({}), asked).empty());
}

TEST_CASE("a field may be wanted when one of another section is not answered") {
  auto summary = rule("summary");
  summary.required_if = asked_if{"s3", "excused", {"", "b"}};
  auto const excused = [](list const& values) {
    auto filled = form({});
    filled.parts.push_back({"s3", "/form/s3", {}, false, {given("excused", values)}});
    return filled;
  };

  CHECK(complete(excused({"a"}), rules({summary})).empty());
  CHECK(complete(excused({"b"}), rules({summary})) == list{"form.missing /form/s2/summary"});
  CHECK(complete(excused({}), rules({summary})) == list{"form.missing /form/s2/summary"});
  CHECK(complete(form({}), rules({summary})) == list{"form.missing /form/s2/summary"});
}

TEST_CASE("what is asked per country is wanted from each, and looked for in that country's part") {
  auto why = rule("why");
  why.required_if = asked_if{"", "period", {"whole"}};
  auto const asked = rules({required(rule("period")), why}, true);
  filled_form const filled{"/form",
                           {{"s2", "/form/s2/0", "FR", false, {given("period", {"whole"}, "/form/s2/0")}},
                            {"s2", "/form/s2/1", "DK", false, {}}},
                           {},
                           {"DK", "FI", "FR"}};

  CHECK(complete(filled, asked) ==
        list{"form.missing /form/s2/0/why", "form.missing /form/s2/1/period", "form.countries /form/s2"});
  CHECK(screen_complete(filled, asked, today).back().detail == "\"Project\" is not answered for FI.");
  CHECK(draft(filled, asked).empty());
}

TEST_CASE("a declaration that is not ticked is missing") {
  auto const asked = rules({required(rule("promise", field_type::tick))});
  CHECK(complete(form({given("promise", {""})}), asked) == list{"form.missing /form/s2/promise"});
  CHECK(complete(form({given("promise", {"a"})}), asked).empty());
}

TEST_CASE("answers are judged by the type of their field") {
  struct typed {
    field_type type;
    char const* good;
    char const* bad;
  };
  auto const row = GENERATE(values<typed>({
      {field_type::email, "a.b@example.org", "a@b"},
      {field_type::email, "a@b.eu", "a@b@c.eu"},
      {field_type::email, "a@b.eu", "a b@c.eu"},
      {field_type::email, "a@b.eu", "@b.eu"},
      {field_type::phone, "+33 1 23 45 67 89", "call me"},
      {field_type::phone, "(0)123-456", "+1"},
      {field_type::number, "120", "many"},
      {field_type::number, "2.5", "inf"},
      {field_type::date, "2026-12-31", "31.12.2026"},
      {field_type::date, "2028-02-29", "2027-02-29"},
  }));
  CAPTURE(row.good, row.bad);

  CHECK(draft(form({given("f", {row.good})}), rules({rule("f", row.type)})).empty());
  CHECK(draft(form({given("f", {row.bad})}), rules({rule("f", row.type)})) == list{"form.type /form/s2/f"});
}

TEST_CASE("an answer of no shape of its type is a finding, whatever the type") {
  auto const type =
      GENERATE(field_type::text, field_type::number, field_type::date, field_type::file, field_type::list,
               field_type::email, field_type::phone, field_type::tick, field_type::choice, field_type::multi);
  bool const chooses = type == field_type::choice || type == field_type::multi;

  CHECK(complete(form({odd("f")}), rules({required(rule("f", type))})) ==
        list{chooses ? "form.choice /form/s2/f" : "form.type /form/s2/f"});
}

TEST_CASE("each of several choices is one of the keys") {
  auto purpose = rule("purpose", field_type::multi);
  purpose.choices = {"a", "b"};
  CHECK(draft(form({given("purpose", {"a", "b"})}), rules({purpose})).empty());
  CHECK(draft(form({given("purpose", {"a", "z"})}), rules({purpose})) == list{"form.choice /form/s2/purpose"});
}

TEST_CASE("a list wants a row, and each row its columns") {
  auto people = required(rule("people", field_type::list));
  people.columns = {required(rule("name")), rule("mail", field_type::email)};
  auto const asked = rules({people});
  entry const row{"/form/s2/people/0", {}, {}, false, {given("mail", {"nobody"}, "/form/s2/people/0")}};

  CHECK(complete(form({{"people", {}}}), asked) == list{"form.missing /form/s2/people"});
  CHECK(complete(form({{"people", {row}}}), asked) ==
        list{"form.missing /form/s2/people/0/name", "form.type /form/s2/people/0/mail"});
  CHECK(draft(form({{"people", {row}}}), asked) == list{"form.type /form/s2/people/0/mail"});
}

TEST_CASE("a file that an answer names is attached") {
  auto filled = form({{"plan", {{"/form/s2/plan/0", "plan.pdf", "f1", false, {}}}}});
  auto const asked = rules({rule("plan", field_type::file)});

  CHECK(complete(filled, asked) == list{"form.file /form/s2/plan/0"});
  CHECK(draft(filled, asked).empty());
  filled.attachments = {{"f1", "plan.pdf", 5, "/attachments/0"}};
  CHECK(complete(filled, asked).empty());
}

TEST_CASE("attachments are small, not empty, of an accepted kind and plainly named") {
  auto const row = GENERATE(table<char const*, std::uint64_t, char const*>({{"plan.PDF", 100, ""},
                                                                            {"plan.pdf", 101, "file.size"},
                                                                            {"plan.pdf", 0, "file.size"},
                                                                            {"plan.exe", 5, "file.type"},
                                                                            {"plan", 5, "file.type"},
                                                                            {"plan.", 5, "file.type"},
                                                                            {"../plan.pdf", 5, "file.name"},
                                                                            {".pdf", 5, "file.name"},
                                                                            {"a\n.pdf", 5, "file.name"},
                                                                            {"\xff.pdf", 5, "file.name"},
                                                                            {"", 5, "file.name"}}));
  filled_form filled{"/form", {}, {{"f1", std::get<0>(row), std::get<1>(row), "/attachments/0"}}, {}};
  auto const expected = std::string{std::get<2>(row)};

  CHECK(complete(filled, rules({})) == (expected.empty() ? list{} : list{expected + " /attachments/0"}));
}

TEST_CASE("a refused attachment is told what may be attached") {
  CHECK(screen_attachment("a.exe", 5, {{"pdf", "doc", "odt"}, 100}).error().mend == "Attach pdf, doc or odt.");
  CHECK(screen_attachment("a.pdf", 0, {{"pdf"}, 2 * 1024 * 1024}).error().mend == "Attach at most 2 MB a file.");
  CHECK(screen_attachment("a.pdf", 0, {{"pdf"}, 100}).error().mend == "Attach at most 100 bytes a file.");
}

TEST_CASE("periods run forward and end in the future where they must") {
  auto to = rule("to", field_type::date);
  to.not_before = "from";
  to.in_future = true;
  auto const asked = rules({rule("from", field_type::date), to});
  auto const period = [](char const* a, char const* b) { return form({given("from", {a}), given("to", {b})}); };

  CHECK(complete(period("2026-11-23", "2026-11-23"), asked).empty());
  CHECK(complete(period("2026-11-01", "2026-11-22"), asked) == list{"form.dates /form/s2/to"});
  CHECK(complete(period("2027-01-02", "2027-01-01"), asked) == list{"form.dates /form/s2/to"});
  CHECK(complete(period("soon", "2027-01-01"), asked) == list{"form.type /form/s2/from"});
  CHECK(complete(form({given("to", {"2027-01-01"})}), asked).empty());
  CHECK(draft(period("2027-01-02", "2027-01-01"), asked).empty());
}
