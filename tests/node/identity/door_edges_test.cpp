// The edges of signing in, of sessions and of API keys: exact moments, other people's things, many at once.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "base/ids.hpp"
#include "node/identity/accounts.hpp"
#include "node/identity/api_keys.hpp"
#include "node/identity/passwords.hpp"
#include "node/identity/sessions.hpp"
#include "node/store/database.hpp"
#include "node/store/fresh_folder.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace ehds::node::identity;
using namespace std::chrono_literals;

namespace {

std::string const phrase = "correct horse battery";

struct door {
  ehds::tests::fresh_folder folder;
  manual_clock time{*parse_rfc3339("2026-11-22T13:00:00Z")};
  store::database db = store::database::open(folder / "node.sqlite", {.migrations = identity::migrations()}).value();
  identity::accounts accounts{db, time};
  identity::sessions sessions{db, time};
  identity::api_keys keys{db, time};

  door() { add("claire"); }

  void add(std::string const& id, roles held = {role::assessor}) {
    REQUIRE(accounts.create({{id, "Claire", "HDH", "FR", std::move(held)}, phrase}));
  }
  std::string try_in(std::string const& id, std::string const& password, std::string const& from = "192.0.2.1") {
    auto const who = accounts.sign_in(id, password, from);
    return who ? "in" : who.error().code.substr(9);
  }
  std::int64_t count(std::string const& what) {
    return db.read([&](store::reading& now) {
      if (what == "failures") return now.first("SELECT count(*) FROM identity_failure")->integer(0);
      return now.first("SELECT count(*) FROM identity_session")->integer(0);
    });
  }
};

}  // namespace

TEST_CASE("four failures leave the door open, the fifth closes it, to the millisecond for a quarter of an hour") {
  door at;
  for (int n = 0; n < 4; ++n) CHECK(at.try_in("claire", "wrong") == "sign_in");
  CHECK(at.try_in("claire", phrase) == "in");
  CHECK(at.try_in("claire", "wrong") == "sign_in");
  CHECK(at.try_in("claire", phrase) == "throttled");

  at.time.advance(15min - 1ms);
  CHECK(at.try_in("claire", phrase) == "throttled");
  at.time.advance(1ms);
  CHECK(at.try_in("claire", phrase) == "in");
}

TEST_CASE("a try at a closed door does not keep it closed longer") {
  door at;
  for (int n = 0; n < 5; ++n) at.try_in("claire", "wrong");
  for (int n = 0; n < 14; ++n) {
    at.time.advance(1min);
    CHECK(at.try_in("claire", "wrong") == "throttled");
  }
  at.time.advance(1min);

  CHECK(at.try_in("claire", phrase) == "in");
  CHECK(at.count("failures") == 5);
}

TEST_CASE("somebody else's failures elsewhere do not lock a person out at her own place") {
  door at;
  for (int place = 0; place < 4; ++place)
    for (int n = 0; n < 5; ++n) at.try_in("claire", "wrong", "198.51.100." + std::to_string(place));

  CHECK(at.try_in("claire", phrase, "192.0.2.1") == "in");
}

TEST_CASE("an attack from everywhere closes the account after fifty failures") {
  door at;
  for (int place = 0; place < 49; ++place) at.try_in("claire", "wrong", "198.51.100." + std::to_string(place));
  CHECK(at.try_in("claire", phrase) == "in");
  at.try_in("claire", "wrong", "198.51.100.49");

  CHECK(at.try_in("claire", phrase) == "throttled");
}

TEST_CASE("names are taken as they are written: no blank, no other case, no part of a name signs in") {
  door at;
  for (auto const* name : {"Claire", "CLAIRE", "claire ", " claire", "clair", "claire'--", "%", ""})
    CHECK(at.try_in(name, phrase, name) == "sign_in");
}

TEST_CASE("what people type into the wrong field is not kept readable") {
  door at;
  at.try_in(phrase, "claire");
  auto const kept = at.db.read([](store::reading& now) {
    auto const row = now.first("SELECT who, place FROM identity_failure").value();
    return row.text(0) + row.text(1);
  });

  CHECK(kept.find("correct") == std::string::npos);
  CHECK(kept.find("192.0.2.1") == std::string::npos);
}

TEST_CASE("old failures are forgotten with the next one") {
  door at;
  for (int n = 0; n < 3; ++n) at.try_in("claire", "wrong");
  at.time.advance(16min);
  at.try_in("claire", "wrong");

  CHECK(at.count("failures") == 1);
}

TEST_CASE("a changed password closes every session and the old one opens nothing") {
  door at;
  auto const session = at.sessions.open("claire").value();
  REQUIRE(at.accounts.change_password("claire", "another long phrase"));

  CHECK_FALSE(at.sessions.find(session.token));
  CHECK(at.try_in("claire", phrase) == "sign_in");
  CHECK(at.try_in("claire", "another long phrase") == "in");
  CHECK(at.accounts.change_password("claire", "short").error().code == "identity.password");
  CHECK(at.accounts.change_password("nobody", phrase).error().code == "identity.account");
  CHECK(at.accounts.change_roles("nobody", {}).error().code == "identity.account");
  CHECK(at.accounts.disable("nobody").error().code == "identity.account");
}

TEST_CASE("a change of roles that brings two that check each other is refused and changes nothing") {
  door at;
  CHECK(at.accounts.change_roles("claire", {role::applicant, role::decider}).error().code == "identity.duties");

  CHECK(at.accounts.find("claire")->roles == roles{role::assessor});
}

TEST_CASE("a disabled account is nowhere: not found, not listed, not signed in, and its id stays taken") {
  door at;
  REQUIRE(at.accounts.disable("claire"));

  CHECK_FALSE(at.accounts.find("claire"));
  CHECK(at.accounts.list().empty());
  CHECK(at.try_in("claire", phrase) == "sign_in");
  CHECK(at.accounts.create({{"claire", "", "", "", {}}, phrase}).error().code == "identity.account.taken");
  CHECK(at.accounts.create_missing({{{"claire", "", "", "", {}}, phrase}}));
  CHECK_FALSE(at.accounts.find("claire"));
}

TEST_CASE("a session ends at its last moment exactly: idle after an hour, whole after eight") {
  door at;
  auto const idle = at.sessions.open("claire").value();
  CHECK(idle.expires == at.time.now() + 8h);
  at.time.advance(60min - 1ms);
  REQUIRE(at.sessions.find(idle.token));
  at.time.advance(60min);
  CHECK_FALSE(at.sessions.find(idle.token));

  auto const whole = at.sessions.open("claire").value();
  for (int n = 0; n < 15; ++n) {
    at.time.advance(30min);
    REQUIRE(at.sessions.find(whole.token));
  }
  at.time.advance(30min - 1ms);
  CHECK(at.sessions.find(whole.token));
  at.time.advance(1ms);
  CHECK_FALSE(at.sessions.find(whole.token));
}

TEST_CASE("a session that ended does not come back when time goes back") {
  door at;
  auto const session = at.sessions.open("claire").value();
  REQUIRE(at.sessions.end(session.token));
  at.time.advance(-30min);

  CHECK_FALSE(at.sessions.find(session.token));
}

TEST_CASE("sweeping forgets the expired sessions and no living one") {
  door at;
  auto const old = at.sessions.open("claire").value();
  at.time.advance(61min);
  auto const fresh = at.sessions.open("claire").value();
  REQUIRE(at.sessions.sweep());

  CHECK(at.count("sessions") == 1);
  CHECK_FALSE(at.sessions.find(old.token));
  CHECK(at.sessions.find(fresh.token));
}

TEST_CASE("ending all sessions of one person leaves everybody else signed in") {
  door at;
  at.add("max");
  auto const hers = at.sessions.open("claire").value();
  auto const his = at.sessions.open("max").value();
  REQUIRE(at.sessions.end_all_of("claire"));

  CHECK_FALSE(at.sessions.find(hers.token));
  CHECK(at.sessions.find(his.token));
}

TEST_CASE("tokens differ, and neither a form's token nor a stored hash opens a session") {
  door at;
  auto const one = at.sessions.open("claire").value();
  auto const two = at.sessions.open("claire").value();
  CHECK(one.token != two.token);
  auto const live = at.sessions.find(one.token).value();

  CHECK(live.csrf_token != one.token);
  CHECK_FALSE(at.sessions.find(live.csrf_token));
  auto const hash =
      at.db.read([](store::reading& now) { return now.first("SELECT token_hash FROM identity_session")->text(0); });
  CHECK_FALSE(at.sessions.find(hash));
  CHECK_FALSE(at.sessions.find(one.token + two.token));
  CHECK_FALSE(at.sessions.find(std::string(100'000, 'a')));
}

TEST_CASE("a form's token is the session's own and stays the same from page to page") {
  door at;
  auto const session = at.sessions.open("claire").value();
  auto const first = at.sessions.find(session.token).value();
  at.time.advance(5min);
  auto const second = at.sessions.find(session.token).value();

  CHECK(csrf_fits(second, first.csrf_token));
  CHECK_FALSE(csrf_fits(second, first.csrf_token + "x"));
  CHECK_FALSE(csrf_fits(second, first.csrf_token.substr(1)));
  live_session const empty{};
  CHECK_FALSE(csrf_fits(empty, ""));
}

TEST_CASE("a session of an account that was never there shows nobody") {
  door at;
  CHECK_FALSE(at.sessions.find(at.sessions.open("ghost").value().token));
}

TEST_CASE("an API key is shown once: the store holds its hash, and neither id nor hash is a key") {
  door at;
  auto const issued = at.keys.issue({"x", "DAAMS", "HDH", "FR", {role::screener}}, std::nullopt).value();
  auto const kept = at.db.read([](store::reading& now) {
    auto const row = now.first("SELECT id, key_hash FROM identity_api_key").value();
    return std::pair{row.text(0), row.text(1)};
  });

  CHECK(issued.text.starts_with("ehds_" + issued.id + "_"));
  CHECK(kept.second.find(issued.text.substr(22)) == std::string::npos);
  CHECK_FALSE(at.keys.find(kept.second));
  CHECK_FALSE(at.keys.find("ehds_" + issued.id + "_" + std::string(43, 'A')));
  CHECK(at.keys.find(issued.text)->id == "key:" + issued.id);
}

TEST_CASE("a key works until the millisecond it expires") {
  door at;
  auto const issued = at.keys.issue({"", "", "", "FR", {}}, at.time.now() + 1h).value();
  at.time.advance(1h - 1ms);
  CHECK(at.keys.find(issued.text));
  at.time.advance(1ms);
  CHECK_FALSE(at.keys.find(issued.text));
}

TEST_CASE("a revoked key stays revoked, also when the same text is adopted again") {
  door at;
  std::string const chosen = "rehearsal-key-of-france-01";
  REQUIRE(at.keys.adopt(chosen, {"", "DAAMS", "HDH", "FR", {}}));
  auto const id = at.keys.find(chosen)->id.substr(4);
  REQUIRE(at.keys.revoke(id));
  REQUIRE(at.keys.adopt(chosen, {"", "DAAMS", "HDH", "FR", {}}));

  CHECK_FALSE(at.keys.find(chosen));
  CHECK(at.keys.list().empty());
}

TEST_CASE("no key is issued or adopted with roles that check each other") {
  door at;
  actor const both{"", "", "", "FR", {role::auditor, role::operator_}};

  CHECK(at.keys.issue(both, std::nullopt).error().code == "identity.duties");
  CHECK(at.keys.adopt("rehearsal-key-of-france-01", both).error().code == "identity.duties");
  CHECK(at.keys.list().empty());
}

TEST_CASE("an adopted key has 24 to 256 characters") {
  door at;
  CHECK(at.keys.adopt(std::string(23, 'a'), {}).error().code == "identity.api_key");
  CHECK(at.keys.adopt(std::string(24, 'a'), {}));
  CHECK(at.keys.adopt(std::string(256, 'a'), {}));
  CHECK(at.keys.adopt(std::string(257, 'a'), {}).error().code == "identity.api_key");
  CHECK(at.keys.find(std::string(256, 'a')));
}

TEST_CASE("a hundred sessions opened at once are a hundred different ones") {
  door at;
  std::vector<std::thread> threads;
  std::vector<std::string> tokens(100);
  for (std::size_t thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (std::size_t n = thread; n < 100; n += 4) tokens[n] = at.sessions.open("claire").value().token;
    });
  for (auto& one : threads) one.join();
  for (auto const& token : tokens) CHECK(at.sessions.find(token));
  std::ranges::sort(tokens);

  CHECK(std::ranges::adjacent_find(tokens) == tokens.end());
}

TEST_CASE("every pair of roles that check each other is refused with both names, every other pair is fine") {
  std::set<std::pair<role, role>> const apart{{role::applicant, role::screener}, {role::applicant, role::assessor},
                                              {role::applicant, role::decider},  {role::applicant, role::data_preparer},
                                              {role::decider, role::auditor},    {role::auditor, role::operator_},
                                              {role::decider, role::operator_}};
  for (auto const one : all_roles())
    for (auto const other : all_roles()) {
      if (one >= other) continue;
      auto const found = conflicting_duties({one, other});
      CAPTURE(to_text(one), to_text(other));
      CHECK(found.size() == (apart.contains({one, other}) ? 1U : 0U));
      for (auto const& finding : found) {
        CHECK(finding.detail.find(to_text(one)) != std::string::npos);
        CHECK(finding.detail.find(to_text(other)) != std::string::npos);
      }
    }
}

TEST_CASE("who did what binds that person only, on every pair of duties") {
  std::vector<duty> const all{duty::applied, duty::screened, duty::assessed,
                              duty::decided, duty::prepared, duty::released};
  std::set<std::pair<duty, duty>> const apart{{duty::applied, duty::screened}, {duty::applied, duty::assessed},
                                              {duty::applied, duty::decided},  {duty::applied, duty::prepared},
                                              {duty::applied, duty::released}, {duty::assessed, duty::decided},
                                              {duty::decided, duty::released}, {duty::prepared, duty::released}};
  for (auto const earlier : all)
    for (auto const next : all) {
      CAPTURE(static_cast<int>(earlier), static_cast<int>(next));
      CHECK(separate_duties("a", next, {{"a", earlier}}).has_value() != apart.contains({earlier, next}));
      CHECK(separate_duties("a", next, {{"b", earlier}}).has_value());
      CHECK(separate_duties("a", next, {{"A", earlier}}).has_value());
    }
}
