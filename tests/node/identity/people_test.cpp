// Accounts, sessions, API keys and duties, over a real store with the clock moved by hand.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "base/ids.hpp"
#include "node/identity/accounts.hpp"
#include "node/identity/api_keys.hpp"
#include "node/identity/passwords.hpp"
#include "node/identity/sessions.hpp"
#include "node/store/database.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace ehds::node::identity;
using namespace std::chrono_literals;

namespace {

std::string const good_password = "correct horse battery";

struct house {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("ehds-people-" + random_uuid());
  manual_clock time{*parse_rfc3339("2026-11-22T13:00:00Z")};
  std::optional<store::database> db;
  std::optional<identity::accounts> accounts;
  std::optional<identity::sessions> sessions;
  std::optional<identity::api_keys> keys;

  house() {
    std::filesystem::create_directory(folder);
    store::database_options options;
    options.migrations = migrations();
    db.emplace(store::database::open(folder / "node.sqlite", std::move(options)).value());
    accounts.emplace(*db, time);
    sessions.emplace(*db, time);
    keys.emplace(*db, time);
  }
  ~house() {
    db.reset();
    std::filesystem::remove_all(folder);
  }
  house(house const&) = delete;
  house& operator=(house const&) = delete;

  void add(std::string const& id, roles held = {role::assessor}) const {
    const_cast<identity::accounts&>(*accounts)
        .create({{id, "Claire", "HDH", "FR", std::move(held)}, good_password})
        .value();
  }
};

}  // namespace

TEST_CASE("a password matches its hash and nothing else does") {
  auto const stored = hash_password(good_password);

  CHECK(stored.starts_with("$scrypt$n=32768,r=8,p=1$"));
  CHECK(password_matches(good_password, stored));
  CHECK_FALSE(password_matches(good_password + " ", stored));
  CHECK_FALSE(password_matches("", stored));
  CHECK(hash_password(good_password) != stored);
  CHECK_FALSE(password_of_nobody(good_password));
}

TEST_CASE("a hash made elsewhere with scrypt matches") {
  // RFC 7914 12, third vector: "pleaseletmein", "SodiumChloride", N 16384, r 8, p 1.
  CHECK(password_matches("pleaseletmein",
                         "$scrypt$n=16384,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046_2o-7qQT44-qbVD9lRdofI"));
}

TEST_CASE("stored texts that are no hash of ours never match and never cost much") {
  for (auto const* text : {"", "plain", "$scrypt$", "$scrypt$n=32768,r=8,p=1$$", "$scrypt$n=0,r=8,p=1$AAAA$AAAA",
                           "$scrypt$n=99999999999,r=8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                           "$scrypt$n=1000,r=8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    INFO(text);
    CHECK_FALSE(password_matches("x", text));
  }
}

TEST_CASE("passwords are long enough, are text, and are not the name") {
  CHECK(acceptable_password(good_password, "claire"));
  CHECK(acceptable_password("пароль пароль", "claire"));
  CHECK_FALSE(acceptable_password("short", "claire"));
  CHECK_FALSE(acceptable_password("парольпарол", "claire"));
  CHECK_FALSE(acceptable_password(std::string(300, 'a'), "claire"));
  CHECK_FALSE(acceptable_password("claire.dupont", "claire.dupont"));
  CHECK_FALSE(acceptable_password("abcdefghijklm\xff", "claire"));
}

TEST_CASE("who signs in is who the account says") {
  house h;
  h.add("claire", {role::assessor, role::screener});

  auto const who = h.accounts->sign_in("claire", good_password, "192.0.2.1");

  REQUIRE(who);
  CHECK(who->id == "claire");
  CHECK(who->display_name == "Claire");
  CHECK(who->may(role::screener));
  CHECK_FALSE(who->may(role::decider));
}

TEST_CASE("every way to fail to sign in reads the same") {
  house h;
  h.add("claire");
  h.add("gone");
  REQUIRE(h.accounts->disable("gone"));

  auto const wrong = h.accounts->sign_in("claire", "wrong password", "192.0.2.1").error();
  auto const unknown = h.accounts->sign_in("nobody", good_password, "192.0.2.1").error();
  auto const disabled = h.accounts->sign_in("gone", good_password, "192.0.2.1").error();

  CHECK(wrong == unknown);
  CHECK(wrong == disabled);
  CHECK(wrong.code == "identity.sign_in");
}

TEST_CASE("after five failures from one place even the right password waits a quarter of an hour there") {
  house h;
  h.add("claire");
  for (auto const* id : {"claire", "nobody"}) {
    for (int i = 0; i < 5; ++i)
      CHECK(h.accounts->sign_in(id, "wrong password", "192.0.2.1").error().code == "identity.sign_in");
    CHECK(h.accounts->sign_in(id, good_password, "192.0.2.1").error().code == "identity.throttled");
  }
  CHECK(h.accounts->sign_in("claire", good_password, "192.0.2.2"));

  h.time.advance(15min + 1s);
  CHECK(h.accounts->sign_in("claire", good_password, "192.0.2.1"));
}

TEST_CASE("the addresses of one IPv6 network are one place: nobody locks an account for all from his own") {
  house h;
  h.add("claire");
  auto const from = [](int n) { return "2001:db8:1:2::" + std::to_string(n + 1); };
  for (int i = 0; i < 100; ++i) CHECK_FALSE(h.accounts->sign_in("claire", "wrong password", from(i)));
  CHECK(h.accounts->sign_in("claire", good_password, from(7)).error().code == "identity.throttled");
  CHECK(h.accounts->sign_in("claire", good_password, "2001:db8:1:3::1"));
}

TEST_CASE("accounts are made once, with proper ids and roles that go together") {
  house h;
  h.add("claire");
  auto const fault = [&](std::string id, roles held, std::string password) {
    return h.accounts->create({{std::move(id), "", "", "", std::move(held)}, std::move(password)}).error().code;
  };

  CHECK(fault("claire", {}, good_password) == "identity.account.taken");
  CHECK(fault("a b", {}, good_password) == "identity.account");
  CHECK(fault("", {}, good_password) == "identity.account");
  CHECK(fault("x", {}, "short") == "identity.password");
  CHECK(fault("x", {role::applicant, role::decider}, good_password) == "identity.duties");
  CHECK(h.accounts->list().size() == 1);
  CHECK(h.accounts->create_missing(
      {{{"claire", "Other", "", "", {}}, good_password}, {{"max", "", "", "", {}}, good_password}}));
  CHECK(h.accounts->find("claire")->display_name == "Claire");
  CHECK(h.accounts->find("max"));
}

TEST_CASE("a session lives until it is idle too long, too old, or ended") {
  house h;
  h.add("claire");
  auto const opened = h.sessions->open("claire").value();
  CHECK(opened.token.size() == 43);
  REQUIRE(h.sessions->find(opened.token));
  CHECK(h.sessions->find(opened.token)->who.id == "claire");
  CHECK_FALSE(h.sessions->find("guess"));
  CHECK_FALSE(h.sessions->find(""));

  SECTION("idle") {
    h.time.advance(59min);
    CHECK(h.sessions->find(opened.token));
    h.time.advance(59min);
    CHECK(h.sessions->find(opened.token));
    h.time.advance(61min);
    CHECK_FALSE(h.sessions->find(opened.token));
  }
  SECTION("old") {
    for (int i = 0; i < 16; ++i) {
      h.time.advance(29min);
      CHECK(h.sessions->find(opened.token));
    }
    h.time.advance(29min);
    CHECK_FALSE(h.sessions->find(opened.token));
  }
  SECTION("ended") {
    REQUIRE(h.sessions->end(opened.token));
    CHECK_FALSE(h.sessions->find(opened.token));
  }
  SECTION("all ended") {
    auto const second = h.sessions->open("claire").value();
    REQUIRE(h.sessions->end_all_of("claire"));
    CHECK_FALSE(h.sessions->find(second.token));
  }
  SECTION("the account is disabled") {
    REQUIRE(h.accounts->disable("claire"));
    CHECK_FALSE(h.sessions->find(opened.token));
  }
  SECTION("the password changes") {
    REQUIRE(h.accounts->change_password("claire", "another good phrase"));
    CHECK_FALSE(h.sessions->find(opened.token));
    CHECK(h.accounts->sign_in("claire", "another good phrase", ""));
  }
  SECTION("swept") {
    h.time.advance(9h);
    REQUIRE(h.sessions->sweep());
    CHECK(h.db->read(
              [](store::reading& now) { return now.first("SELECT count(*) FROM identity_session")->integer(0); }) == 0);
  }
}

TEST_CASE("a session shows the roles that the account has now") {
  house h;
  h.add("claire", {role::assessor});
  auto const opened = h.sessions->open("claire").value();

  REQUIRE(h.accounts->change_roles("claire", {role::auditor}));

  CHECK(h.sessions->find(opened.token)->who.may(role::auditor));
  CHECK_FALSE(h.sessions->find(opened.token)->who.may(role::assessor));
}

TEST_CASE("the README lists every role, and none that there is not") {
  auto const page = read_file(EHDS_SOURCE_DIR "/node/identity/README.md").value();
  auto const from = page.find("| Role |");
  auto const table = page.substr(from, page.find("\n\n", from) - from);
  std::size_t listed = 0;
  for (auto at = table.find("\n| `"); at != std::string::npos; at = table.find("\n| `", at + 1)) {
    auto const word = table.substr(at + 4, table.find('`', at + 4) - at - 4);
    INFO(word);
    CHECK(role_of(word));
    ++listed;
  }
  CHECK(listed == all_roles().size());
}

TEST_CASE("the store never holds a token") {
  house h;
  h.add("claire");
  auto const opened = h.sessions->open("claire").value();

  auto const kept =
      h.db->read([](store::reading& now) { return now.first("SELECT token_hash FROM identity_session")->text(0); });

  CHECK(kept.find(opened.token) == std::string::npos);
  CHECK(kept.size() == 64);
}

TEST_CASE("a form's token fits its own session only") {
  house h;
  h.add("claire");
  auto const one = h.sessions->find(h.sessions->open("claire").value().token).value();
  auto const two = h.sessions->find(h.sessions->open("claire").value().token).value();

  CHECK(csrf_fits(one, one.csrf_token));
  CHECK_FALSE(csrf_fits(one, two.csrf_token));
  CHECK_FALSE(csrf_fits(one, ""));
}

TEST_CASE("an API key stands for its holder until it expires or is revoked") {
  house h;
  auto const issued = h.keys->issue({"", "DAAMS", "HDH", "FR", {role::screener}}, h.time.now() + 24h).value();

  auto const who = h.keys->find(issued.text);
  REQUIRE(who);
  CHECK(who->id == "key:" + issued.id);
  CHECK(who->may(role::screener));
  CHECK_FALSE(h.keys->find(issued.text + "x"));
  CHECK_FALSE(h.keys->find(""));
  CHECK(h.keys->list().size() == 1);
  CHECK(who->back_end.empty());
  auto const of_erp = h.keys->issue({"", "ERP", "HDH", "FR", {role::back_end}, "erp"}, std::nullopt).value();
  CHECK(h.keys->find(of_erp.text)->back_end == "erp");
  REQUIRE(h.keys->revoke(of_erp.id));

  SECTION("expired") {
    h.time.advance(24h);
    CHECK_FALSE(h.keys->find(issued.text));
  }
  SECTION("revoked") {
    REQUIRE(h.keys->revoke(issued.id));
    CHECK_FALSE(h.keys->find(issued.text));
    CHECK(h.keys->revoke("nothing").error().code == "identity.api_key");
  }
}

TEST_CASE("a key the operator chose is taken once and must be long") {
  house h;
  std::string const chosen = "rehearsal-key-of-france-01";

  REQUIRE(h.keys->adopt(chosen, {"", "DAAMS", "HDH", "FR", {role::screener}}));
  REQUIRE(h.keys->adopt(chosen, {"", "DAAMS", "HDH", "FR", {role::screener}}));

  CHECK(h.keys->find(chosen));
  CHECK(h.keys->list().size() == 1);
  CHECK(h.keys->adopt("short", {}).error().code == "identity.api_key");
}

TEST_CASE("everything is there again after the node started anew") {
  house h;
  h.add("claire");
  auto const opened = h.sessions->open("claire").value();
  h.db.reset();
  store::database_options options;
  options.migrations = migrations();
  h.db.emplace(store::database::open(h.folder / "node.sqlite", std::move(options)).value());

  CHECK(h.sessions->find(opened.token));
  CHECK(h.accounts->sign_in("claire", good_password, ""));
}

TEST_CASE("roles have words, and words have roles") {
  CHECK(all_roles().size() == 9);
  for (auto const r : all_roles()) CHECK(role_of(to_text(r)) == r);
  CHECK_FALSE(role_of("king"));
}

TEST_CASE("nobody holds two roles that check each other") {
  CHECK(conflicting_duties({role::screener, role::assessor}).empty());
  CHECK(conflicting_duties({role::applicant, role::screener, role::decider}).size() == 2);
  CHECK(conflicting_duties({role::auditor, role::operator_}).front().code == "identity.duties");
}

TEST_CASE("nobody decides what they applied for or assessed, nor releases what they prepared") {
  std::vector<done_duty> const history{{"anna", duty::applied}, {"bo", duty::assessed}, {"cy", duty::prepared}};

  CHECK_FALSE(separate_duties("anna", duty::decided, history));
  CHECK_FALSE(separate_duties("bo", duty::decided, history));
  CHECK_FALSE(separate_duties("cy", duty::released, history));
  CHECK(separate_duties("dee", duty::decided, history));
  CHECK(separate_duties("bo", duty::assessed, history));
  CHECK(separate_duties("bo", duty::released, history));
}

TEST_CASE("the file of accounts is read, with passwords from three places") {
  ::setenv("EHDS_TEST_PASSWORD", "from the environment", 1);

  auto const list = parse_accounts(R"({
    // the officers of the rehearsal
    "accounts": [
      {"id": "claire", "display_name": "Claire", "organisation": "HDH", "country": "FR", "roles": ["screener", "assessor"],
       "password": {"text": "correct horse battery"}},
      {"id": "max", "roles": [], "password": {"env": "EHDS_TEST_PASSWORD"}}
    ]})");

  REQUIRE(list);
  CHECK(list->at(0).who.may(role::assessor));
  CHECK(list->at(1).password == "from the environment");
  CHECK(list->at(1).who.display_name == "max");
}

TEST_CASE("a wrong file of accounts names account and field") {
  struct row {
    std::string text, where;
  };
  auto const wrong = GENERATE(values<row>({
      {"nonsense", "/"},
      {"{}", "/"},
      {R"({"accounts": [7]})", "/accounts/0"},
      {R"({"accounts": [{"roles": []}]})", "/accounts/0"},
      {R"({"accounts": [{"id": "a"}]})", "/accounts/0/roles"},
      {R"({"accounts": [{"id": "a", "roles": ["king"]}]})", "/accounts/0/roles"},
      {R"({"accounts": [{"id": "a", "roles": []}]})", "/accounts/0/password"},
      {R"({"accounts": [{"id": "a", "roles": [], "password": "open"}]})", "/accounts/0/password"},
      {R"({"accounts": [{"id": "a", "roles": [], "password": {"env": "EHDS_NO_SUCH"}}]})", "/accounts/0/password/env"},
      {R"({"accounts": [{"id": "a", "roles": [], "password": {"file": "/no/such"}}]})", "/accounts/0/password"},
      {R"({"accounts": [{"id": "a", "roles": [], "password": {"text": "one"}},
                        {"id": "b", "roles": [], "password": {"text": "two"}},
                        {"id": "a", "roles": ["auditor"], "password": {"text": "three"}}]})",
       "/accounts/2/id"},
  }));

  auto const list = parse_accounts(wrong.text);

  INFO(wrong.text);
  REQUIRE_FALSE(list);
  CHECK(list.error().where == wrong.where);
  CHECK_FALSE(list.error().mend.empty());
}
