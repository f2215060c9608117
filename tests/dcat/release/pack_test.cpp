#include "dcat/release/pack.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "../packs.hpp"
#include "base/ids.hpp"
#include "dcat/rdf/canonical.hpp"
#include "dcat/release/upgrade.hpp"

using namespace ehds;
using namespace ehds::dcat;
using namespace ehds::dcat::tests;

namespace {

class folder {
 public:
  folder() : path_(std::filesystem::temp_directory_path() / ("pack-" + random_uuid())) {
    std::filesystem::create_directories(path_ / "code_lists");
  }
  ~folder() { std::filesystem::remove_all(path_); }
  folder(folder const&) = delete;
  folder& operator=(folder const&) = delete;
  void write(std::string const& name, std::string const& text) const { std::ofstream(path_ / name) << text; }
  std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string pack_with(std::string const& property, std::string const& more = "") {
  return R"({"release": "t", "title": "Test", "namespaces": {"e": "http://e/"}, "root": "e:Dataset",
    "access_levels": {"property": "e:level", "default": "A", "levels": [{"name": "A", "iri": "e:A"}, {"name": "B", "iri": "e:B"}]},
    "shapes": {"Dataset": {"class": "e:Dataset", "properties": [)" +
         property + "]}}" + more + "}";
}

std::string const steps = R"({"steps": [
  {"do": "rename_namespace", "from": "http://old/", "to": "http://e/"},
  {"do": "rename_property", "from": "e:titles", "to": "e:title", "class": "e:Column"},
  {"do": "replace_value", "from": "e:x", "to": "e:y", "via": "e:code"},
  {"do": "move_to_object", "from": "e:publisherType", "via": "e:publisher", "to": "e:type"},
  {"do": "wrap_in_node", "from": "e:mbox", "to": "e:email", "via": "e:contact", "class": "e:Contact", "objects_of": "e:publisher"},
  {"do": "wrap_in_node", "from": "e:home", "to": "e:page", "via": "e:contact", "class": "e:Contact", "objects_of": "e:publisher"},
  {"do": "drop_property", "from": "e:gone", "why": "nobody wants it"}]})";

}  // namespace

TEST_CASE("The pack of Release 8 loads and names its codes") {
  CHECK(r8().release == "r8");
  CHECK(r8().levels.size() == 3);
  CHECK(r8().find_list("healthcategories")->codes.size() == 17);
  CHECK(r8().label("http://publications.europa.eu/resource/authority/data-theme/HEAL") == "Health");
  CHECK(r8().label("http://example.org/things/unknown/") == "unknown");
  CHECK(r8().short_name("http://purl.org/dc/terms/title") == "dct:title");
}

TEST_CASE("The pack of Release 8 holds the code lists that its shapes name, whole where they are known to be") {
  struct list {
    std::string name;
    std::size_t codes;
    bool open;
  };
  auto const l = GENERATE(values<list>({{"healthcategories", 17, false},
                                        {"health-theme", 20, false},
                                        {"coding-system", 32, false},
                                        {"access-right", 3, false},
                                        {"data-theme", 14, false},
                                        {"frequency", 38, false},
                                        {"planned-availability", 4, false},
                                        {"distribution-status", 6, true},
                                        {"dataset-type", 26, true},
                                        {"file-type", 214, true},
                                        {"standard", 21, true},
                                        {"health-activity", 20, true},
                                        {"publisher-type", 20, true},
                                        {"language", 30, true},
                                        {"country", 336, true},
                                        {"place", 0, true},
                                        {"continent", 0, true},
                                        {"geonames", 0, true}}));
  INFO(l.name);
  auto const* const held = r8().find_list(l.name);
  REQUIRE(held != nullptr);
  CHECK(held->codes.size() == l.codes);
  CHECK(held->open == l.open);
  for (code const& c : held->codes) CHECK_FALSE(c.labels.empty());
  CHECK(held->holds(held->base + "NEW") == l.open);
}

TEST_CASE("A pack with a mistake is refused with its place") {
  struct mistake {
    std::string pack, place;
  };
  auto const m = GENERATE(values<mistake>({
      {"{", "pack.json"},
      {"[]", "pack.json"},
      {pack_with(R"({"path": "e:p", "nedd": "M"})"), "shapes/Dataset/properties/0/nedd"},
      {pack_with(R"({"label": "x"})"), "shapes/Dataset/properties/0/path"},
      {pack_with(R"({"path": 1})"), "shapes/Dataset/properties/0/path"},
      {pack_with(R"({"path": "x:p"})"), "shapes/Dataset/properties/0"},
      {pack_with(R"({"path": "e:p", "need": "X"})"), "shapes/Dataset/properties/0/need"},
      {pack_with(R"({"path": "e:p", "need": "MMM"})"), "shapes/Dataset/properties/0/need"},
      {pack_with(R"({"path": "e:p", "max": -1})"), "shapes/Dataset/properties/0/max"},
      {pack_with(R"({"path": "e:p", "kind": "leteral"})"), "shapes/Dataset/properties/0/kind"},
      {pack_with(R"({"path": "e:p", "code_list": "none"})"), "shapes/Dataset/"},
      {pack_with(R"({"path": "e:p", "shape": "none"})"), "shapes/Dataset/"},
      {pack_with(R"({"path": "e:p", "code_list_severity": "bad"})"), "shapes/Dataset/properties/0/code_list_severity"},
      {pack_with("", ", \"unknown\": 1"), "pack.json/unknown"},
  }));
  folder const f;
  f.write("pack.json", m.pack);
  INFO(m.pack);
  auto const pack = load_release_pack(f.path());
  REQUIRE_FALSE(pack);
  INFO(to_text(pack.error()));
  CHECK(pack.error().code == "pack.invalid");
  CHECK(pack.error().where.find(m.place) != std::string::npos);
}

TEST_CASE("A missing pack is unreadable") {
  CHECK(load_release_pack("/nowhere/at/all").error().code == "pack.unreadable");
}

TEST_CASE("Each kind of upgrade does what its name says") {
  folder const f;
  f.write("pack.json", pack_with(R"({"path": "e:p"})"));
  f.write("upgrades.json", steps);
  auto const pack = load_release_pack(f.path());
  if (!pack) FAIL(to_text(pack.error()));
  struct change {
    std::string before, after;
    std::size_t notes;
  };
  auto const c = GENERATE(values<change>({
      {"e:s e:p 1 .", "e:s e:p 1 .", 0},
      {"<http://old/s> <http://old/p> <http://old/o> , 'x'^^<http://old/t> .", "e:s e:p e:o , 'x'^^e:t .", 1},
      {"e:c a e:Column ; e:titles 'x' . e:d e:titles 'y' .", "e:c a e:Column ; e:title 'x' . e:d e:titles 'y' .", 1},
      {"e:s e:code e:x ; e:other e:x .", "e:s e:code e:y ; e:other e:x .", 1},
      {"e:s e:publisherType e:t ; e:publisher e:a .", "e:s e:publisher e:a . e:a e:type e:t .", 1},
      {"e:s e:publisherType e:t .", "e:s e:publisherType e:t .", 0},
      {"e:s e:publisher e:a . e:a e:mbox <mailto:x@y> ; e:home e:h .",
       "e:s e:publisher e:a . e:a e:contact [ a e:Contact ; e:email 'x@y' ; e:page e:h ] .", 2},
      {"e:s e:publisher e:a , e:b . e:a e:mbox 'a' . e:b e:home e:h .",
       "e:s e:publisher e:a , e:b . e:a e:contact [ a e:Contact ; e:email 'a' ] . e:b e:contact [ a e:Contact ; e:page "
       "e:h ] .",
       2},
      {"e:s e:creator e:a . e:a e:mbox 'x' .", "e:s e:creator e:a . e:a e:mbox 'x' .", 0},
      {"e:s e:gone 1 ; e:p 2 .", "e:s e:p 2 .", 1},
  }));
  INFO(c.before);
  std::string const head = "@prefix e: <http://e/> . ";
  auto const done = upgrade(turtle(head + c.before), *pack);
  CHECK(canonical_ntriples(done.record) == canonical_ntriples(turtle(head + c.after)));
  CHECK(done.notes.size() == c.notes);
}
