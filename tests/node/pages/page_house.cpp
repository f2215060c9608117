#include "node/pages/page_house.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "base/ids.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/federation/tables.hpp"
#include "node/pages/pages.hpp"

namespace page_tests {

using namespace ehds;
using namespace ehds::node;

namespace {

std::vector<store::migration> tables() {
  std::vector<store::migration> all;
  for (auto const& some :
       {audit::migrations(), exchange::migrations(), identity::migrations(), catalogue::record_book::migrations(),
        access::case_desk::migrations(), access::application_centre::migrations(), federation::migrations()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

std::string replaced(std::string text, std::string const& what, std::string const& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

}  // namespace

page_house::page_house()
    : folder(std::filesystem::temp_directory_path() / ("ehds-pages-" + random_uuid())),
      wall(parse_rfc3339("2026-11-24T09:00:00Z").value()),
      pack(dcat::load_release_pack(EHDS_SOURCE_DIR "/dcat/release/packs/r8").value()),
      rules(pack) {
  std::filesystem::create_directories(folder);
  db = store::database::open(folder / "node.sqlite", {.migrations = tables()}).value();
  accounts.emplace(*db, wall);
  sessions.emplace(*db, wall);
  records.emplace(
      *db, wall, pack, rules, catalogue::book_settings{"FR", "EU"},
      [](store::transaction&, catalogue::dataset_message const&) -> result<std::string> { return "m"; },
      [](store::transaction&, std::string_view, std::string_view, std::string_view) {});
  search.emplace(*records);
  open_rooms();
  rooms.self = {"FR", "Health Data <Demo>", "FR", false, "https://node.example"};
  rooms.db = &*db;
  rooms.wall = &wall;
  rooms.accounts = &*accounts;
  rooms.sessions = &*sessions;
  rooms.records = &*records;
  rooms.search = &*search;
  rooms.desk = &*desk;
  rooms.centre = &*centre;
  rooms.public_entries = &*entries;
  rooms.jobs = &*jobs;
  rooms.questions = &*questions;
  rooms.nudge = [] {};
  for (auto& route : pages::page_routes(rooms)) router.add(std::move(route));
  router.around([this](http::request const& asked, http::handler const& next) {
    return pages::with_page_for_nothing(rooms, asked, next(asked));
  });
}

void page_house::open_rooms() {
  desk.emplace(*db, wall,
               access::desk_settings{.country = "FR",
                                     .authorities = {{"FR-HDAB", "Example access body"}},
                                     .centre = "EU",
                                     .specification = "v0.5",
                                     .issue_on_acceptance = true},
               ports("FR"));
  centre.emplace(*db, wall, ports("EU"));
  entries.emplace(*db);
  jobs.emplace(*db, wall, links(),
               federation::job_settings{"FR", [](std::string_view) { return federation::release_by::officer; }});
  questions.emplace(*db, wall, links(), "FR", [this](auto& tx, auto& own) { return jobs->take_own(tx, own); });
  jobs->answers_own_questions_by({[this](auto& tx, auto part, auto table) { questions->answer_own(tx, part, table); },
                                  [this](auto& tx, auto part) { questions->refuse_own(tx, part); }});
}

page_house::~page_house() {
  questions.reset();
  jobs.reset();
  search.reset();
  records.reset();
  db.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

access::access_ports page_house::ports(std::string name) {
  return {
      .post =
          [this, name](store::transaction&, access::outgoing_business_message const& message) {
            letters.emplace_back(name, message);
            return result<void>{};
          },
      .audit = [](store::transaction&, access::audit_note const&) { return result<void>{}; },
      .sign = [](std::string_view payload, std::string_view) -> result<std::string> { return std::string(payload); }};
}

federation::links page_house::links() {
  return {[](auto&, auto const&) { return result<void>{}; }, [](auto&, auto const&) {},
          [this](auto&, auto const&) { return permit; },
          [](auto&, auto const& given) { return policies::to_json(given); }};
}

void page_house::account(std::string const& id, std::string const& name, identity::roles roles) {
  REQUIRE(accounts->create({{id, name, "Example organisation", "FR", std::move(roles)}, password}));
}

std::string page_house::dataset(std::string const& identifier, std::string const& title) {
  std::ostringstream bytes;
  bytes << std::ifstream(EHDS_SOURCE_DIR "/tests/dcat/fixtures/registry.ttl").rdbuf();
  auto text = replaced(bytes.str(), "XX-CANCER", identifier);
  text = replaced(text, "https://example.org/dataset/cancer", "https://example.org/dataset/" + random_uuid());
  auto const kept = records->put(replaced(text, "\"Cancer registry\"", "\"" + title + "\""), dcat::syntax::turtle, "e");
  REQUIRE(kept);
  return kept->id;
}

void page_house::deliver() {
  for (; !letters.empty(); letters.pop_front()) {
    auto const [from, letter] = letters.front();
    access::incoming_business_message const message{.message_id = "m-" + std::to_string(++messages_),
                                                    .action = letter.action,
                                                    .from_nation = from,
                                                    .original_message_id = letter.in_reply_to,
                                                    .content_json = letter.content_json,
                                                    .attachments_zip = letter.attachments_zip,
                                                    .received_at = wall.now()};
    auto const done = db->commit([&](store::transaction& tx) -> result<void> {
      auto found = letter.to_nation == "EU" ? centre->receive(tx, message) : desk->receive(tx, message);
      if (!found) return std::move(found).error();
      for (auto const& one : *found) faults.push_back(letter.action + ": " + one.code + " " + one.where);
      return {};
    });
    if (!done) faults.push_back(letter.action + ": " + done.error().code);
  }
}

http::response visitor::send(http::request asked) {
  std::string kept;
  for (auto const& [name, text] : cookies) kept += (kept.empty() ? "" : "; ") + name + "=" + text;
  if (!kept.empty()) asked.headers.set("Cookie", kept);
  for (auto const& [name, text] : headers) asked.headers.set(name, text);
  auto const question = asked.target.find('?');
  asked.path = asked.target.substr(0, question);
  if (question != std::string::npos) asked.query = http::parse_urlencoded(asked.target.substr(question + 1)).value();
  auto answer = at_.router.answer(asked);
  for (auto const& [name, text] : answer.headers) {
    if (name != "Set-Cookie") continue;
    auto const equals = text.find('=');
    auto const end = text.find(';');
    cookies[text.substr(0, equals)] = text.substr(equals + 1, end - equals - 1);
    CHECK(text.find("Secure") != std::string::npos);
    CHECK(text.find("HttpOnly") != std::string::npos);
    CHECK(text.find("SameSite=Lax") != std::string::npos);
  }
  if (auto seen = hidden_field(answer.body, "form_token"); !seen.empty()) token = std::move(seen);
  if (answer.headers.get("Content-Type").starts_with("text/html")) {
    INFO(asked.target);
    CHECK(badly_nested(answer.body) == "");
  }
  return answer;
}

http::response visitor::get(std::string const& target) {
  http::request asked;
  asked.method = "GET";
  asked.target = target;
  return send(std::move(asked));
}

http::response visitor::post(std::string const& target, std::map<std::string, std::string> fields) {
  fields["form_token"] = token;
  return post_without_token(target, std::move(fields));
}

http::response visitor::post_without_token(std::string const& target, std::map<std::string, std::string> fields) {
  http::request asked;
  asked.method = "POST";
  asked.target = target;
  asked.headers.set("Content-Type", "application/x-www-form-urlencoded");
  for (auto const& [name, text] : fields)
    asked.body += (asked.body.empty() ? "" : "&") + http::percent_encode(name) + "=" + http::percent_encode(text);
  return send(std::move(asked));
}

void visitor::sign_in(std::string const& account) {
  get("/sign-in");
  auto const answer = post("/sign-in", {{"account", account}, {"password", password}, {"next", "/"}});
  REQUIRE(answer.status == 303);
  get("/");
}

std::string badly_nested(std::string const& html) {
  static std::set<std::string> const alone{"meta", "link", "input", "br", "!doctype", "rect", "line"};
  static std::regex const tag(R"(<(/?)([a-z!0-9]+)((?:"[^"]*"|[^">])*)>)");
  std::vector<std::string> open;
  for (std::sregex_iterator it(html.begin(), html.end(), tag), end; it != end; ++it) {
    auto const name = (*it)[2].str();
    if (alone.contains(name)) continue;
    if ((*it)[1].length() == 0) {
      open.push_back(name);
      continue;
    }
    if (open.empty() || open.back() != name) return "</" + name + "> in <" + (open.empty() ? "" : open.back()) + ">";
    open.pop_back();
  }
  return open.empty() ? "" : "<" + open.back() + "> stays open";
}

std::string hidden_field(std::string const& html, std::string const& name) {
  auto const begin = "name=\"" + name + "\" value=\"";
  auto const at = html.find(begin);
  if (at == std::string::npos) return {};
  auto const start = at + begin.size();
  return html.substr(start, html.find('"', start) - start);
}

}  // namespace page_tests
