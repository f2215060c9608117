#include <catch2/catch.hpp>

#include "policies/screening/field_types.hpp"

using namespace ehds::policies;

namespace {

auto const today = ehds::parse_date("2026-11-22").value();

field_rule rule(std::string field, field_type type = field_type::text) {
  field_rule r;
  r.section = "s2";
  r.field = std::move(field);
  r.title = r.field;
  r.type = type;
  return r;
}

std::vector<std::string> codes(form const& filled, std::vector<field_rule> const& rules) {
  std::vector<std::string> found;
  for (auto const& p : screen(filled, rules, today)) found.push_back(p.code + " " + p.where);
  return found;
}

form one(std::string field, std::string value) { return {{{"s2", std::move(field), "", std::move(value), {}}}, {}}; }

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("a whole form passes") {
  auto name = rule("projectName");
  name.mandatory = true;
  name.max_length = 5;
  CHECK(codes(one("projectName", "éàüöß"), {name}).empty());
}

TEST_CASE("all findings come in one list, in the order of the rules") {
  auto name = rule("projectName");
  name.mandatory = true;
  auto leader = rule("projectLeader");
  leader.mandatory = true;
  auto mail = rule("email", field_type::email);
  form const filled{
      {{"s2", "projectName", "", "  \n", {}}, {"s2", "email", "", "nobody", {}}, {"s9", "x", "", "1", {}}}, {}};
  CHECK(codes(filled, {name, leader, mail}) == list{"screening.missing s2/projectName",
                                                    "screening.missing s2/projectLeader",
                                                    "screening.not_an_email s2/email", "screening.unknown_field s9/x"});
  for (auto const& p : screen(filled, {name, leader, mail}, today)) CHECK_FALSE(p.mend.empty());
}

TEST_CASE("a field may be wanted only when another says so") {
  auto reason = rule("reason");
  reason.mandatory_if = field_condition{"s2", "pseudonymised", {"a"}};
  auto const choice = rule("pseudonymised", field_type::choice);
  CHECK(codes(one("pseudonymised", "a"), {reason, choice}) == list{"screening.missing s2/reason"});
  CHECK(codes(one("pseudonymised", "b"), {reason, choice}).empty());
}

TEST_CASE("what is asked for each country is wanted from each") {
  auto period = rule("period");
  period.mandatory = true;
  period.per_country = true;
  auto why = rule("why");
  why.per_country = true;
  why.mandatory_if = field_condition{"s2", "period", {"whole"}};
  form const filled{{{"s2", "period", "FR", "whole", {}}}, {"FR", "FI"}};
  CHECK(codes(filled, {period, why}) == list{"screening.missing s2/FI/period", "screening.missing s2/FR/why"});
}

TEST_CASE("a declaration that is not ticked is missing") {
  auto tick = rule("noReidentification", field_type::tick);
  tick.mandatory = true;
  CHECK(codes(one("noReidentification", "false"), {tick}) == list{"screening.missing s2/noReidentification"});
  CHECK(codes(one("noReidentification", "true"), {tick}).empty());
  CHECK(codes(one("noReidentification", "yes"), {tick}) == list{"screening.not_a_tick s2/noReidentification"});
}

TEST_CASE("answers are judged by the type of their field") {
  struct typed {
    field_type type;
    std::string good;
    std::string bad;
    std::string code;
  };
  std::vector<typed> const cases{
      {field_type::email, "a.b@example.org", "a@b", "not_an_email"},
      {field_type::email, "a@b.eu", "a@b@c.eu", "not_an_email"},
      {field_type::email, "a@b.eu", "a b@c.eu", "not_an_email"},
      {field_type::phone, "+33 1 23 45 67 89", "call me", "not_a_phone"},
      {field_type::phone, "(0)123-456", "+1", "not_a_phone"},
      {field_type::url, "https://example.org/x", "example.org", "not_a_url"},
      {field_type::url, "http://example.org", "https://", "not_a_url"},
      {field_type::iban, "FR14 2004 1010 0505 0001 3M02 606", "FR15 2004 1010 0505 0001 3M02 606", "not_an_iban"},
      {field_type::iban, "DK5000400440116243", "DK50", "not_an_iban"},
      {field_type::iban, "FI2112345600000785", "fi2112345600000785", "not_an_iban"},
      {field_type::vat_number, "FR40303265045", "40303265045", "not_a_vat_number"},
      {field_type::number, "120", "many", "not_a_number"},
      {field_type::date, "2026-12-31", "31.12.2026", "not_a_date"},
  };
  for (auto const& c : cases) {
    INFO(c.good << " / " << c.bad);
    CHECK(codes(one("f", c.good), {rule("f", c.type)}).empty());
    CHECK(codes(one("f", c.bad), {rule("f", c.type)}) == list{"screening." + c.code + " s2/f"});
  }
}

TEST_CASE("choices, lengths, patterns and doubles") {
  auto purpose = rule("purpose", field_type::choices);
  purpose.choices = {"a", "b"};
  form const two{{{"s2", "purpose", "", "a", {}}, {"s2", "purpose", "", "z", {}}}, {}};
  CHECK(codes(two, {purpose}) == list{"screening.unknown_choice s2/purpose"});

  auto zip = rule("zip");
  zip.pattern = "[0-9]{5}";
  zip.pattern_hint = "Five digits.";
  zip.max_length = 5;
  CHECK(codes(one("zip", "75001"), {zip}).empty());
  CHECK(codes(one("zip", "750010"), {zip}) == list{"screening.too_long s2/zip", "screening.pattern s2/zip"});

  form const doubled{{{"s2", "zip", "", "75001", {}}, {"s2", "zip", "", "75002", {}}}, {}};
  CHECK(codes(doubled, {zip}) == list{"screening.doubled s2/zip"});
}

TEST_CASE("attachments must be there, open, small and of an accepted type") {
  auto plan = rule("plan", field_type::file);
  plan.file_types = {"pdf", "odt"};
  plan.max_bytes = 100;
  auto const with = [](std::string name, std::optional<std::size_t> bytes) {
    return form{{{"s2", "plan", "", std::move(name), bytes}}, {}};
  };
  CHECK(codes(with("plan.PDF", 100), {plan}).empty());
  CHECK(codes(with("plan.pdf", 101), {plan}) == list{"screening.file_too_large s2/plan"});
  CHECK(codes(with("plan.pdf", 0), {plan}) == list{"screening.file_empty s2/plan"});
  CHECK(codes(with("plan.exe", 5), {plan}) == list{"screening.file_type s2/plan"});
  CHECK(codes(with("plan", std::nullopt), {plan}) == list{"screening.file_type s2/plan", "screening.missing s2/plan"});
}

TEST_CASE("periods run forward and begin in the future where they must") {
  auto from = rule("from", field_type::date);
  from.in_future = true;
  auto to = rule("to", field_type::date);
  to.not_before_field = "from";
  auto const period = [](std::string a, std::string b) {
    return form{{{"s2", "from", "", std::move(a), {}}, {"s2", "to", "", std::move(b), {}}}, {}};
  };
  CHECK(codes(period("2026-11-23", "2026-11-23"), {from, to}).empty());
  CHECK(codes(period("2026-11-22", "2027-01-01"), {from, to}) == list{"screening.not_future s2/from"});
  CHECK(codes(period("2027-01-02", "2027-01-01"), {from, to}) == list{"screening.dates s2/to"});
  CHECK(codes(one("to", "2027-01-01"), {from, to}).empty());
}
