// What an operator sees of certificates: who, until when, the alarm, what was revoked, and how the lists stand.
#include <catch2/catch.hpp>

#include "node/identity/certificate_report.hpp"
#include "node/pages/page_house.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace page_tests;
using identity::role;

namespace {

identity::certificate_line line(std::string party, std::string subject, instant ends, instant now) {
  identity::certificate_line one;
  one.party = std::move(party);
  one.use = "encryption";
  one.subject = std::move(subject);
  one.key = "RSA";
  one.fingerprint = "ab12";
  one.begins = now - std::chrono::days{100};
  one.ends = ends;
  one.alarm = identity::alarm_for(ends, now);
  return one;
}

struct operated_house {
  page_house house;
  visitor otto{house};
  identity::certificate_report report;

  operated_house() {
    house.account("otto", "Otto", {role::operator_});
    house.account("anna", "Anna", {role::applicant});
    house.rooms.certificates = [this] { return report; };
    otto.sign_in("otto");
  }
  instant in(int days) const { return house.wall.now() + std::chrono::days{days}; }
};

}  // namespace

TEST_CASE("the operator sees when certificates end, with an alarm 30 and 7 days before") {
  operated_house a;
  auto const now = a.house.wall.now();
  a.report.ours = {line("", "CN=ours <1>", a.in(3), now), line("", "CN=calm", a.in(300), now)};
  a.report.partners = {line("EU", "CN=gone", a.in(-1), now), line("DK", "CN=dk", a.in(20), now)};
  a.report.partners[1].in_use = false;

  auto const page = a.otto.get("/certificates");

  CHECK(page.status == 200);
  CHECK(badly_nested(page.body).empty());
  CHECK(has(page, "CN=ours &lt;1&gt;"));
  CHECK(has(page, "<strong>ends within 7 days</strong>"));
  CHECK(has(page, "<strong>ends within 30 days</strong>"));
  CHECK(has(page, "<strong>has ended</strong>"));
  CHECK(has(page, "not the one in use now"));
  CHECK(has(page, "with nothing to follow them: 2"));
  CHECK_FALSE(has(page, "Revoked certificates of partners:"));
  CHECK(has(page, "No P-Mode names a revocation list."));
  CHECK(has(a.otto.get("/ledger"), "href=\"/certificates\""));
  CHECK(has(a.otto.get("/certificates?lang=fr"), "prend fin dans moins de 7 jours"));
}

TEST_CASE("the operator sees which certificate was revoked, and which list is late and why") {
  operated_house a;
  auto const now = a.house.wall.now();
  a.report.partners = {line("EU", "CN=eu", a.in(300), now)};
  a.report.partners[0].revoked = true;
  a.report.partners[0].finding = "CN=eu was revoked by CN=CA";
  a.report.lists = {{"http://lists.example/a", a.in(-9), a.in(-2), 7, a.in(0), "the answer was HTTP 503"},
                    {"http://lists.example/b", a.in(-1), a.in(9), 8, a.in(0), ""},
                    {"http://lists.example/c", {}, {}, 0, {}, ""}};

  auto const page = a.otto.get("/certificates");

  CHECK(has(page, "<strong>revoked</strong>"));
  CHECK(has(page, "CN=eu was revoked by CN=CA"));
  CHECK(has(page, "Revoked certificates of partners: 1"));
  CHECK(has(page, "the answer was HTTP 503"));
  CHECK(has(page, "<strong>not current</strong>"));
  CHECK(has(page, "http://lists.example/c"));
  CHECK(badly_nested(page.body).empty());
}

TEST_CASE("certificates are for operators and auditors, and there is no menu for them where nothing is exchanged") {
  operated_house a;
  visitor anna(a.house);
  anna.sign_in("anna");
  CHECK(anna.get("/certificates").status == 403);
  a.house.rooms.certificates = nullptr;
  CHECK_FALSE(has(a.otto.get("/ledger"), "href=\"/certificates\""));
  CHECK(a.otto.get("/certificates").status == 200);
}
