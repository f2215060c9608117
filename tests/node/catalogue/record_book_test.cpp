#include "node/catalogue/record_book.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/ids.hpp"
#include "node/catalogue/record_search.hpp"

using namespace ehds;
using namespace ehds::node;
using catalogue::put_outcome;

namespace {

std::string replaced(std::string text, std::string const& what, std::string const& by) {
  auto const at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

std::string registry() {
  std::ostringstream bytes;
  bytes << std::ifstream(EHDS_SOURCE_DIR "/tests/dcat/fixtures/registry.ttl").rdbuf();
  return replaced(bytes.str(), "\"XX-CANCER\"", "\"FR-CANCER\"");
}

struct book_at {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("ehds-" + random_uuid());
  manual_clock wall{parse_rfc3339("2026-11-22T12:00:00Z").value()};
  dcat::release_pack pack = dcat::load_release_pack(EHDS_SOURCE_DIR "/dcat/release/packs/r8").value();
  dcat::validator rules{pack};
  std::deque<catalogue::dataset_message> sent;
  std::vector<std::string> log;
  std::optional<store::database> db;
  std::optional<catalogue::record_book> book;
  std::optional<catalogue::record_search> search;

  explicit book_at(std::string const& nation) {
    std::filesystem::create_directories(folder);
    db = store::database::open(folder / "node.sqlite", {.migrations = catalogue::record_book::migrations()}).value();
    book.emplace(
        *db, wall, pack, rules, catalogue::book_settings{nation, "EU"},
        [this](store::transaction&, catalogue::dataset_message const& m) -> result<std::string> {
          sent.push_back(m);
          return "message-" + std::to_string(sent.size());
        },
        [this](store::transaction&, std::string_view, std::string_view action, std::string_view) {
          log.emplace_back(action);
        });
    search.emplace(*book);
  }
  ~book_at() {
    search.reset();
    book.reset();
    db.reset();
    std::filesystem::remove_all(folder);
  }
  problems receive(std::string const& nation, catalogue::dataset_message const& m) {
    problems found;
    REQUIRE(db->commit([&](store::transaction& tx) -> result<void> {
      found = book->receive(tx, {m.action, nation, nation + "-AP", "original-" + m.action, m.content});
      return {};
    }));
    return found;
  }
  std::size_t finds(std::string const& words) { return search->find({.text = words}).total; }
};

std::string id_of(book_at& at) { return at.book->all().at(0).id; }
std::string title_of(book_at& at) { return dcat::best_text(at.book->all().at(0).record.titles); }

}  // namespace

TEST_CASE("a good record is stored, searchable, and comes out in every syntax") {
  book_at fr("FR");
  auto const kept = fr.book->put(registry(), dcat::syntax::turtle, "editor");
  REQUIRE(kept);
  CHECK(kept->what == put_outcome::kind::created);
  CHECK(fr.finds(title_of(fr)) == 1);
  CHECK(fr.log == std::vector<std::string>{"record.put"});
  for (auto const as : {dcat::syntax::turtle, dcat::syntax::ntriples, dcat::syntax::rdfxml, dcat::syntax::jsonld})
    CHECK_FALSE(fr.book->rdf(kept->id, as).value().empty());
  CHECK(fr.book->variables(kept->id).value().column_count() > 0);
}

TEST_CASE("the same record again changes nothing, another one is a new version") {
  book_at fr("FR");
  REQUIRE(fr.book->put(registry(), dcat::syntax::turtle, "editor"));
  auto const again = fr.book->put(registry(), dcat::syntax::turtle, "editor").value();
  CHECK(again.what == put_outcome::kind::unchanged);
  auto const changed =
      fr.book->put(replaced(registry(), title_of(fr), "Zebra register"), dcat::syntax::turtle, "editor").value();
  CHECK(changed.what == put_outcome::kind::updated);
  CHECK(changed.version == 2);
  CHECK(fr.finds("zebra") == 1);
  CHECK(fr.book->changes(0, 10).size() == 2);
  CHECK(fr.book->last_change() == 2);
}

TEST_CASE("a record with a missing mandatory property is refused with path and mend, and nothing is stored") {
  book_at fr("FR");
  auto const bad = replaced(registry(), "healthdcatap:hdab", "dct:relation");
  auto const refused = fr.book->put(bad, dcat::syntax::turtle, "editor");
  REQUIRE_FALSE(refused);
  bool named = false;
  for (auto const& found : refused.error())
    named = named || (found.where.find("hdab") != std::string::npos && !found.mend.empty());
  CHECK(named);
  CHECK(fr.book->all().empty());
  CHECK_FALSE(fr.book->check(bad, dcat::syntax::turtle).value().conforms);
}

TEST_CASE("a published record travels as RDF/XML in JSON and is found at the centre under its nation") {
  book_at fr("FR");
  book_at eu("EU");
  REQUIRE(fr.book->put(registry(), dcat::syntax::turtle, "editor"));
  auto const id = id_of(fr);
  REQUIRE(fr.book->publish(id, "editor"));
  REQUIRE(fr.sent.size() == 1);
  CHECK(fr.sent[0].action == "createDataset");
  CHECK(nlohmann::json::parse(fr.sent[0].content).at("payload").get<std::string>().find("<rdf:RDF") !=
        std::string::npos);

  CHECK(eu.receive("FR", fr.sent[0]).empty());
  auto const there = eu.book->find(id).value();
  CHECK(there.nation == "FR");
  CHECK(there.access_point == "FR-AP");
  CHECK(there.message_id == "original-createDataset");
  CHECK(eu.finds(title_of(fr)) == 1);
  CHECK(fr.book->find(id)->published.state == "sent");
}

TEST_CASE("an update and a deletion of a published record follow by themselves") {
  book_at fr("FR");
  book_at eu("EU");
  REQUIRE(fr.book->put(registry(), dcat::syntax::turtle, "editor"));
  auto const id = id_of(fr);
  auto const title = title_of(fr);
  REQUIRE(fr.book->publish(id, "editor"));
  REQUIRE(fr.book->put(replaced(registry(), title, "Zebra register"), dcat::syntax::turtle, "editor"));
  REQUIRE(fr.book->remove(id, "editor"));
  REQUIRE(fr.sent.size() == 3);
  CHECK(fr.sent[1].action == "updateDataset");
  CHECK(fr.sent[2].action == "deleteDataset");

  CHECK(eu.receive("FR", fr.sent[0]).empty());
  CHECK(eu.receive("FR", fr.sent[1]).empty());
  CHECK(eu.finds("zebra") == 1);
  CHECK(eu.receive("FR", fr.sent[2]).empty());
  CHECK(eu.finds("zebra") == 0);
  CHECK(eu.book->find(id)->deleted);
  CHECK(eu.receive("FR", fr.sent[2]).empty());
}

TEST_CASE("a country cannot write into another country's records") {
  book_at fr("FR");
  book_at eu("EU");
  REQUIRE(fr.book->put(registry(), dcat::syntax::turtle, "editor"));
  REQUIRE(fr.book->publish(id_of(fr), "editor"));
  CHECK(eu.receive("FR", fr.sent[0]).empty());
  auto const deletion = catalogue::dataset_message{
      "deleteDataset", id_of(fr), nlohmann::json{{"operation", "deleteDataset"}, {"identifier", id_of(fr)}}.dump()};
  CHECK(eu.receive("FI", deletion).front().code == "catalogue.unknown");
  CHECK(eu.book->find(id_of(fr))->nation == "FR");
}

TEST_CASE("an identifier that another nation used first is not taken from its owner") {
  book_at fr("FR");
  book_at eu("EU");
  REQUIRE(fr.book->put(registry(), dcat::syntax::turtle, "editor"));
  REQUIRE(fr.book->publish("FR-CANCER", "editor"));
  CHECK(eu.receive("FI", fr.sent[0]).empty());
  CHECK(eu.receive("FR", fr.sent[0]).empty());
  CHECK(eu.book->find("FR-CANCER")->nation == "FR");
  CHECK(eu.book->find("FI:FR-CANCER")->nation == "FI");
  CHECK(eu.finds(title_of(fr)) == 2);

  auto const deletion = catalogue::dataset_message{
      "deleteDataset", "FR-CANCER", nlohmann::json{{"operation", "deleteDataset"}, {"identifier", "FR-CANCER"}}.dump()};
  CHECK(eu.receive("FI", deletion).empty());
  CHECK(eu.book->find("FI:FR-CANCER")->deleted);
  CHECK_FALSE(eu.book->find("FR-CANCER")->deleted);
  CHECK(catalogue::id_at_centre("FR", "https://example.org/cancer") == "FR:https://example.org/cancer");
  CHECK(catalogue::id_at_centre("FR", "FRANCE-1") == "FR:FRANCE-1");
}

TEST_CASE("the centre's stamps are those of the last message even when the record is the same") {
  book_at fr("FR");
  book_at eu("EU");
  REQUIRE(fr.book->put(registry(), dcat::syntax::turtle, "editor"));
  REQUIRE(fr.book->publish("FR-CANCER", "editor"));
  REQUIRE(fr.book->publish("FR-CANCER", "editor"));
  CHECK(eu.receive("FR", fr.sent[0]).empty());
  CHECK(eu.receive("FR", fr.sent[1]).empty());
  auto const there = eu.book->find("FR-CANCER").value();
  CHECK(there.message_id == "original-updateDataset");
  CHECK(there.version == 1);
}

TEST_CASE("a restart does not undo what editors did since the files were read") {
  book_at fr("FR");
  auto const records = fr.folder / "records";
  std::filesystem::create_directories(records);
  std::ofstream(records / "cancer.ttl") << registry();
  std::ofstream(records / "other.ttl") << replaced(registry(), "FR-CANCER", "FR-OTHER");
  std::ofstream(records / "bad.ttl") << "no turtle";
  CHECK_FALSE(fr.book->read_folder(records.string(), "node").empty());
  CHECK(fr.book->all().size() == 2);
  auto const title = title_of(fr);
  REQUIRE(fr.book->publish("FR-CANCER", "editor"));
  REQUIRE(fr.book->put(replaced(registry(), title, "Zebra register"), dcat::syntax::turtle, "editor"));
  REQUIRE(fr.book->remove("FR-OTHER", "editor"));
  auto const changes = fr.book->last_change();
  auto const sent = fr.sent.size();

  CHECK_FALSE(fr.book->read_folder(records.string(), "node").empty());  // what was refused is said again
  CHECK(title_of(fr) == "Zebra register");
  CHECK(fr.book->find("FR-OTHER")->deleted);
  CHECK(fr.book->last_change() == changes);
  CHECK(fr.sent.size() == sent);

  std::ofstream(records / "cancer.ttl") << replaced(registry(), title, "Quagga register");
  std::ofstream(records / "new.ttl") << replaced(registry(), "FR-CANCER", "FR-NEW");
  static_cast<void>(fr.book->read_folder(records.string(), "node"));
  CHECK(title_of(fr) == "Quagga register");
  CHECK(fr.book->find("FR-NEW"));
  CHECK(fr.book->find("FR-OTHER")->deleted);
}

TEST_CASE("a publication that was given up says so and why, until it is delivered after all") {
  book_at fr("FR");
  REQUIRE(fr.book->put(registry(), dcat::syntax::turtle, "editor"));
  REQUIRE(fr.book->publish("FR-CANCER", "editor"));
  auto const end = [&](bool delivered) {
    REQUIRE(fr.db->commit([&](store::transaction& tx) -> result<void> {
      fr.book->note_delivery(tx, "message-1", delivered, delivered ? "" : "Nobody answered.");
      return {};
    }));
    return fr.book->find("FR-CANCER")->published;
  };
  CHECK(end(false).state == "failed");
  CHECK(end(false).found.at(0).detail == "Nobody answered.");
  CHECK(end(true).state == "sent");
  CHECK(end(true).found.empty());
  REQUIRE(fr.db->commit([&](store::transaction& tx) -> result<void> {
    fr.book->receive_verdict(tx, "message-1", true, {});
    return {};
  }));
  CHECK(end(false).state == "accepted");
}

TEST_CASE("the centre's verdict is kept with the publication it answers") {
  book_at fr("FR");
  REQUIRE(fr.book->put(registry(), dcat::syntax::turtle, "editor"));
  REQUIRE(fr.book->publish(id_of(fr), "editor"));
  REQUIRE(fr.db->commit([&](store::transaction& tx) -> result<void> {
    fr.book->receive_verdict(tx, "message-1", false,
                             {{"dcat.missing", "a property is missing", "dcat:Dataset/dct:title", "add it"}});
    return {};
  }));
  auto const published = fr.book->find(id_of(fr))->published;
  CHECK(published.state == "refused");
  CHECK(published.found.front().mend == "add it");
}

TEST_CASE("a message that is not what its action asks for is refused with its place") {
  book_at eu("EU");
  CHECK(eu.receive("FR", {"createDataset", "x", "[]"}).front().code == "catalogue.message");
  CHECK(eu.receive("FR", {"createDataset", "x", R"({"operation":"deleteDataset"})"}).front().where ==
        "/content/operation");
  CHECK(eu.receive("FR", {"createDataset", "x", R"({"operation":"createDataset","identifier":"x","payload":"no xml"})"})
            .size() >= 1);
  CHECK(eu.book->all().empty());
}

TEST_CASE("what is not there cannot be removed, published or shown") {
  book_at fr("FR");
  CHECK(fr.book->remove("nothing", "editor").error().code == "catalogue.unknown");
  CHECK(fr.book->publish("nothing", "editor").error().code == "catalogue.unknown");
  CHECK(fr.book->rdf("nothing", dcat::syntax::turtle).error().code == "catalogue.unknown");
  CHECK_FALSE(fr.book->find("nothing"));
}

TEST_CASE("a publication repeated under its key was sent again") {
  book_at fr("FR");
  REQUIRE(fr.book->put(registry(), dcat::syntax::turtle, "editor"));
  auto const id = id_of(fr);
  REQUIRE(fr.book->publish(id, "editor", "key-1"));
  REQUIRE(fr.book->publish(id, "editor", "key-1"));
  CHECK(fr.sent.size() == 1);
  CHECK(fr.book->publish("another record", "editor", "key-1").error().code == "catalogue.reused");
  REQUIRE(fr.book->publish(id, "editor", "key-2"));
  REQUIRE(fr.book->publish(id, "editor"));
  CHECK(fr.sent.size() == 3);
}

TEST_CASE("what was edited or withdrawn stays so when the folder is read again, until its file changes") {
  book_at fr("FR");
  auto const files = fr.folder / "records";
  std::filesystem::create_directories(files);
  std::ofstream(files / "registry.ttl") << registry();
  REQUIRE(fr.book->read_folder(files.string(), "node").empty());
  auto const title = title_of(fr);
  REQUIRE(fr.book->put(replaced(registry(), title, "Another title"), dcat::syntax::turtle, "editor"));
  REQUIRE(fr.book->read_folder(files.string(), "node").empty());
  CHECK(title_of(fr) == "Another title");
  auto const id = id_of(fr);
  REQUIRE(fr.book->remove(id, "editor"));
  REQUIRE(fr.book->read_folder(files.string(), "node").empty());
  CHECK(fr.book->find(id)->deleted);
  std::ofstream(files / "registry.ttl") << replaced(registry(), title, "A new edition");
  REQUIRE(fr.book->read_folder(files.string(), "node").empty());
  CHECK_FALSE(fr.book->find(id)->deleted);
  CHECK(title_of(fr) == "A new edition");
}

TEST_CASE("a file that does not conform is named, and tried again at the next start") {
  book_at fr("FR");
  auto const files = fr.folder / "records";
  std::filesystem::create_directories(files);
  std::ofstream(files / "broken.ttl") << "this is no Turtle";
  for (int start = 0; start < 2; ++start) {
    auto const found = fr.book->read_folder(files.string(), "node");
    REQUIRE(found.size() == 1);
    CHECK(found[0].where.starts_with("broken.ttl: "));
  }
}
