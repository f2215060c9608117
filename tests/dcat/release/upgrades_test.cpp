// The upgrades of Release 8, one by one, as older records in the field need them.
#include <vector>

#include "../packs.hpp"
#include "dcat/rdf/canonical.hpp"
#include "dcat/release/upgrade.hpp"

using namespace ehds;
using namespace ehds::dcat;
using namespace ehds::dcat::tests;

namespace {

struct change {
  std::string rule, before, after;
  std::size_t notes = 1;
};

std::string head() {
  std::string out;
  for (auto const& [name, space] : r8().namespaces) out += "@prefix " + name + ": <" + space + "> .\n";
  return out + "@prefix e: <http://e/> .\n";
}

std::vector<change> const changes{
    {"codes of the development host become those of the official one",
     "e:d healthdcatap:healthTheme <http://13.81.34.152:1101/resource/authority/health-theme/X> .",
     "e:d healthdcatap:healthTheme <https://hdeu-dcat.data.health.europa.eu/resource/authority/health-theme/X> ."},
    {"codes of the acceptance host become those of the official one",
     "e:d healthdcatap:healthTheme "
     "<https://hdeu-dcat.acceptance.data.health.europa.eu/resource/authority/health-theme/X> .",
     "e:d healthdcatap:healthTheme <https://hdeu-dcat.data.health.europa.eu/resource/authority/health-theme/X> ."},
    {"codes of the official host stay", "e:d healthdcatap:healthTheme <https://hdeu-dcat.data.health.europa.eu/x> .",
     "e:d healthdcatap:healthTheme <https://hdeu-dcat.data.health.europa.eu/x> .", 0},
    {"the namespace of DCAT-AP that ends with a number sign gets its slash",
     "e:d <http://data.europa.eu/r5r#availability> e:x .", "e:d dcatap:availability e:x ."},
    {"a namespace inside a text is text", "e:d dct:title 'http://data.europa.eu/r5r#availability' .",
     "e:d dct:title 'http://data.europa.eu/r5r#availability' .", 0},
    {"the publisher's type moves to the publisher", "e:d dct:publisher e:p ; healthdcatap:publisherType e:t .",
     "e:d dct:publisher e:p . e:p dct:type e:t ."},
    {"the publisher's type moves to a publisher without a name too",
     "e:d dct:publisher [ foaf:name 'P' ] ; healthdcatap:publisherType e:t .",
     "e:d dct:publisher [ foaf:name 'P' ; dct:type e:t ] ."},
    {"the publisher's type stays when there is no publisher to receive it", "e:d healthdcatap:publisherType e:t .",
     "e:d healthdcatap:publisherType e:t .", 0},
    {"the publisher's note moves to the publisher", "e:d dct:publisher e:p ; healthdcatap:publisherNote 'n'@en .",
     "e:d dct:publisher e:p . e:p dct:description 'n'@en ."},
    {"type and note move together",
     "e:d dct:publisher e:p ; healthdcatap:publisherNote 'n' ; "
     "healthdcatap:publisherType e:t .",
     "e:d dct:publisher e:p . e:p dct:description 'n' ; dct:type e:t .", 2},
    {"the quality annotation gets its new name", "e:d healthdcatap:qualityAnnotation e:q .",
     "e:d dqv:hasQualityAnnotation e:q ."},
    {"csvw:titles becomes csvw:title wherever it stands", "e:c csvw:titles 'a'@en , 'b'@fr . e:t csvw:titles 'c' .",
     "e:c csvw:title 'a'@en , 'b'@fr . e:t csvw:title 'c' ."},
    {"an agent's mailbox becomes the address of its contact point",
     "e:d healthdcatap:hdab e:a . e:a foaf:mbox <mailto:x@e> .",
     "e:d healthdcatap:hdab e:a . e:a cv:contactPoint [ a cv:ContactPoint ; cv:email 'x@e' ] ."},
    {"a mailbox that is written as a text becomes one too",
     "e:d healthdcatap:hdabCoordinator e:a . e:a foaf:mbox 'x@e' .",
     "e:d healthdcatap:hdabCoordinator e:a . e:a cv:contactPoint [ a cv:ContactPoint ; cv:email 'x@e' ] ."},
    {"an agent's home page becomes the page of its contact point",
     "e:d geodcatap:custodian e:a . e:a foaf:homepage e:h .",
     "e:d geodcatap:custodian e:a . e:a cv:contactPoint [ a cv:ContactPoint ; cv:contactPage e:h ] ."},
    {"mailbox and home page share one contact point",
     "e:d dct:publisher e:a . e:a foaf:mbox <mailto:x@e> ; foaf:homepage e:h .",
     "e:d dct:publisher e:a . e:a cv:contactPoint [ a cv:ContactPoint ; cv:email 'x@e' ; cv:contactPage e:h ] .", 2},
    {"a contact point that is there receives the mailbox",
     "e:d dct:publisher e:a . e:a foaf:mbox <mailto:x@e> ; cv:contactPoint e:c . e:c a cv:ContactPoint .",
     "e:d dct:publisher e:a . e:a cv:contactPoint e:c . e:c a cv:ContactPoint ; cv:email 'x@e' ."},
    {"the home page of a catalogue is left alone", "e:c a dcat:Catalog ; foaf:homepage e:h .",
     "e:c a dcat:Catalog ; foaf:homepage e:h .", 0},
    {"two agents keep two contact points",
     "e:d dct:publisher e:a ; healthdcatap:hdab e:b . e:a foaf:mbox 'a' . e:b foaf:mbox 'b' .",
     "e:d dct:publisher e:a ; healthdcatap:hdab e:b . e:a cv:contactPoint [ a cv:ContactPoint ; cv:email 'a' ] . "
     "e:b cv:contactPoint [ a cv:ContactPoint ; cv:email 'b' ] ."},
    {"one agent in two roles gets one contact point",
     "e:d dct:publisher e:a ; healthdcatap:hdab e:a . e:a foaf:mbox 'a' .",
     "e:d dct:publisher e:a ; healthdcatap:hdab e:a . e:a cv:contactPoint [ a cv:ContactPoint ; cv:email 'a' ] ."},
};

}  // namespace

TEST_CASE("Each upgrade of Release 8 changes what it names and nothing else") {
  for (auto const& c : changes) {
    INFO(c.rule);
    auto const done = upgrade(turtle(head() + c.before), r8());
    CHECK(canonical_ntriples(done.record) == canonical_ntriples(turtle(head() + c.after)));
    CHECK(done.notes.size() == c.notes);
    for (auto const& note : done.notes) CHECK(note.ends_with("."));
  }
}

TEST_CASE("An upgraded record is not upgraded again") {
  for (auto const& c : changes) {
    INFO(c.rule);
    auto const once = upgrade(turtle(head() + c.before), r8());
    auto const twice = upgrade(once.record, r8());
    CHECK(twice.notes.empty());
    CHECK(canonical_hash(twice.record) == canonical_hash(once.record));
  }
}

TEST_CASE("Upgrades commute with the order in which the record was written") {
  std::string before, after;
  for (auto const& c : changes) before += c.before + "\n";
  for (auto c = changes.rbegin(); c != changes.rend(); ++c) after += c->before + "\n";
  auto const one = upgrade(turtle(head() + before), r8());
  auto const other = upgrade(turtle(head() + after), r8());
  CHECK(canonical_hash(one.record) == canonical_hash(other.record));
  CHECK(one.notes == other.notes);
}
