// Fetching revocation lists from the places that the operator allowed, and what is kept of them.
#include "node/identity/revocation_lists.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "edelivery/keys.hpp"
#include "edelivery/pointing_certificate.hpp"
#include "edelivery/revoking_authority.hpp"
#include "node/store/fresh_folder.hpp"

using namespace ehds;
using namespace ehds::node::identity;
using edelivery::tests::authority;
using edelivery::tests::revoking_authority;
using edelivery::tests::sender;

namespace {

instant day(std::string const& text) { return parse_rfc3339(text + "T12:00:00Z").value(); }

// Answers by address; what is not there cannot be reached.
class scripted_wire final : public http_call {
 public:
  std::map<std::string, http_call_response> answers;
  std::vector<std::string> asked;
  std::size_t limit = 0;
  result<http_call_response> call(http_call_request const& request) override {
    asked.push_back(request.method + " " + request.url);
    limit = request.response_limit;
    auto const found = answers.find(request.url);
    if (found != answers.end()) return found->second;
    return problem{"http_call.unreachable", "nobody answers", request.url, ""};
  }
};

std::string const place = "http://lists.example/ca.crl";

struct kept_lists {
  tests::fresh_folder folder;
  scripted_wire wire;
  std::shared_ptr<edelivery::revocation_shelf> shelf = std::make_shared<edelivery::revocation_shelf>();
  list_keeper keeper{{{place, {authority().cert}}}, shelf, folder / "revocation"};

  std::string run(std::string const& when) { return run(day(when)); }
  std::string run(instant now) {
    std::string told;
    for (auto const& each : keeper.run_once(wire, now)) told += each.code + " " + each.where + "; ";
    return told;
  }
  void serves(std::string body, int status = 200) { wire.answers[place] = {status, {}, std::move(body)}; }
  bool names_sender() const {
    auto const list = shelf->at(place);
    return list && list->names(sender().cert);
  }
};

revoking_authority const& lists() {
  static revoking_authority const made(authority());
  return made;
}
std::string november(bool names_sender = false) {
  edelivery::tests::list_order order;
  if (names_sender) order.revoked = {sender().cert};
  return lists().list(order);
}
std::string december() { return lists().list({.from = "20261201000000Z", .until = "20270101000000Z"}); }

}  // namespace

TEST_CASE("each place of the P-Modes is asked once, with the authorities that may sign for it") {
  edelivery::pmode one;
  one.trust.authorities = {authority().cert};
  one.trust.revocation.lists = {"a", "b"};
  auto two = one;
  two.trust.authorities = {authority().cert, sender().cert};
  two.trust.revocation.lists = {"b"};
  edelivery::pmode looked_up;
  looked_up.discovery.emplace().signer = one.trust;
  looked_up.discovery->signer.revocation.lists = {"of publishers"};
  auto const found = lists_of(edelivery::pmode_book{{one, two, edelivery::pmode{}, looked_up}});
  REQUIRE(found.size() == 3);
  CHECK(found[2].place == "of publishers");
  CHECK(found[0].place == "a");
  CHECK(found[0].authorities.size() == 1);
  CHECK(found[1].authorities.size() == 2);
}

TEST_CASE("only what the P-Modes name is asked, whatever places the certificates of authority and partner name") {
  edelivery::tests::watched_place const elsewhere;
  auto const named = edelivery::tests::pointing_to(elsewhere.address(), authority(), authority());
  edelivery::pmode mode;
  mode.trust.authorities = {named.cert};
  mode.trust.subject = sender().cert.subject();
  mode.partner_encryption = {edelivery::tests::pointing_to(elsewhere.address(), sender(), authority()).cert};
  mode.trust.revocation.lists = {place};
  auto without_lists = mode;
  without_lists.trust.revocation.lists.clear();
  auto const watched = lists_of(edelivery::pmode_book{{mode, without_lists}});
  REQUIRE(watched.size() == 1);

  tests::fresh_folder const folder;
  scripted_wire wire;
  list_keeper keeper(watched, std::make_shared<edelivery::revocation_shelf>(), folder / "revocation");
  wire.answers[place] = {200, {}, november()};
  CHECK(keeper.run_once(wire, day("2026-11-22")).empty());
  CHECK(keeper.reports().at(0).is_current(day("2026-11-22")));
  wire.answers.clear();  // and when it cannot be reached, too
  for (int hour = 1; hour < 72; ++hour)
    static_cast<void>(keeper.run_once(wire, day("2026-11-22") + std::chrono::hours{hour}));
  CHECK(wire.asked.size() > 2);
  for (auto const& each : wire.asked) CHECK(each == "GET " + place);
  CHECK_FALSE(elsewhere.was_visited());
}

TEST_CASE("a list is fetched from its place, put at hand, and kept for the next start") {
  kept_lists node;
  node.serves(november(true));

  CHECK(node.run("2026-11-22").empty());

  CHECK(node.wire.asked == std::vector<std::string>{"GET " + place});
  CHECK(node.wire.limit == edelivery::largest_revocation_list);
  CHECK(node.names_sender());
  auto const report = node.keeper.reports().at(0);
  CHECK(report.is_current(day("2026-11-22")));
  CHECK_FALSE(report.is_current(day("2026-12-22")));
  CHECK(report.revoked == 1);
  CHECK(report.trouble.empty());

  auto const later = std::make_shared<edelivery::revocation_shelf>();
  list_keeper again({{place, {authority().cert}}}, later, node.folder / "revocation");
  again.take_kept();
  CHECK(later->at(place)->names(sender().cert));
  CHECK(again.reports().at(0).made == report.made);

  // For another authority what was kept is worth nothing.
  auto const other = std::make_shared<edelivery::revocation_shelf>();
  list_keeper changed({{place, {sender().cert}}}, other, node.folder / "revocation");
  changed.take_kept();
  CHECK_FALSE(other->at(place));
}

TEST_CASE("a place is asked again after an hour, after a failure sooner and then less and less often") {
  kept_lists node;
  auto now = day("2026-11-22");
  auto const asked_after = [&](std::chrono::seconds pause) {
    now += pause;
    auto const before = node.wire.asked.size();
    node.run(now);
    return node.wire.asked.size() > before;
  };
  CHECK(asked_after(std::chrono::seconds{0}));
  CHECK_FALSE(asked_after(std::chrono::seconds{59}));
  CHECK(asked_after(std::chrono::seconds{1}));
  CHECK_FALSE(asked_after(std::chrono::seconds{119}));
  CHECK(asked_after(std::chrono::seconds{1}));
  for (int n = 0; n < 20; ++n) asked_after(std::chrono::hours{1});
  CHECK(asked_after(std::chrono::hours{1}));
  node.serves(november());
  CHECK(asked_after(std::chrono::hours{1}));
  CHECK_FALSE(asked_after(std::chrono::minutes{59}));
  CHECK(asked_after(std::chrono::minutes{1}));
}

TEST_CASE("what goes wrong is told once, each time with its reason, and what was at hand stays") {
  kept_lists node;
  node.serves(november(true));
  REQUIRE(node.run("2026-11-10").empty());
  auto now = day("2026-11-22");
  auto const then = [&] {
    now += std::chrono::hours{2};
    return node.run(now);
  };
  auto const said = [&](char const* code) { return std::string{code} + " " + place + "; "; };

  node.serves("", 302);
  CHECK(then() == said("revocation.status"));
  CHECK(then().empty());  // told already
  node.serves("rubbish");
  CHECK(then() == said("edelivery.revocation.unreadable"));
  node.serves(lists().list({.extensions = "2.5.29.27=critical,DER:02:01:01\n"}));
  CHECK(then() == said("edelivery.revocation.delta"));
  node.serves(revoking_authority(edelivery::tests::issued("Test CA", edelivery::certificate_use::authority, nullptr))
                  .list({.from = "20261115000000Z"}));
  CHECK(then() == said("revocation.signature"));
  node.serves(lists().list({.from = "20261020000000Z"}));
  CHECK(then() == said("revocation.older"));
  node.serves(december());
  CHECK(then() == said("revocation.early"));
  node.wire.answers.clear();
  CHECK(then() == said("http_call.unreachable"));
  CHECK(node.names_sender());
  CHECK(node.keeper.reports().at(0).trouble == "nobody answers");

  node.serves(november(true));
  CHECK(then().empty());
  CHECK(node.keeper.reports().at(0).trouble.empty());
}

TEST_CASE("a list that is over is taken, for whom it names, and said to be over") {
  kept_lists node;
  node.serves(november(true));
  CHECK(node.run("2026-12-24") == "revocation.over " + place + "; ");
  CHECK(node.names_sender());
  CHECK_FALSE(node.keeper.reports().at(0).is_current(day("2026-12-24")));
  node.serves(december());
  CHECK(node.run("2026-12-25").empty());
  CHECK_FALSE(node.names_sender());
}

TEST_CASE("a file is read again when it changed, and no address is asked for it") {
  tests::fresh_folder const folder;
  scripted_wire wire;
  auto const shelf = std::make_shared<edelivery::revocation_shelf>();
  auto const file = folder / "ca.crl";
  list_keeper keeper({{file.string(), {authority().cert}}}, shelf, folder / "revocation");
  auto now = day("2026-11-22");
  CHECK(keeper.run_once(wire, now).size() == 1);  // not there

  std::ofstream(file, std::ios::binary) << november();
  CHECK(keeper.run_once(wire, now + std::chrono::seconds{1}).empty());
  CHECK_FALSE(shelf->at(file.string())->names(sender().cert));

  std::ofstream(file, std::ios::binary | std::ios::trunc)
      << lists().list({.revoked = {sender().cert}, .from = "20261102000000Z"});
  std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + std::chrono::seconds{5});
  CHECK(keeper.run_once(wire, now + std::chrono::seconds{2}).empty());
  CHECK(shelf->at(file.string())->names(sender().cert));
  CHECK(wire.asked.empty());
}

TEST_CASE("a disk that takes nothing leaves the list that was there, and says so") {
  kept_lists node;
  node.serves(november());
  std::ofstream(node.folder / "revocation") << "a file where the folder should be";
  CHECK(node.run("2026-11-22").starts_with("identity.key "));
  CHECK_FALSE(node.shelf->at(place));
}
