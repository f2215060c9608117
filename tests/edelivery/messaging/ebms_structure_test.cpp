// The ebMS header element by element: each one removed, doubled, emptied or swapped with its neighbour, and what the
// peer is told then. The golden file is the list of all cases.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "edelivery/ebms/error_codes.hpp"
#include "edelivery/ebms/read_messaging.hpp"
#include "edelivery/xml/soap.hpp"
#include "golden_file.hpp"

using namespace ehds;
using namespace ehds::edelivery;

namespace {

// A good header as a tree, so that any element can be changed by its place.
struct element {
  std::string name;
  std::string attributes = {};
  std::string text = {};
  std::vector<element> children = {};
};

element user_message_tree() {
  return {"UserMessage",
          " mpc=\"urn:mpc\"",
          "",
          {{"MessageInfo",
            "",
            "",
            {{"Timestamp", "", "2026-11-22T12:00:00Z"}, {"MessageId", "", "a@b"}, {"RefToMessageId", "", "c@d"}}},
           {"PartyInfo",
            "",
            "",
            {{"From", "", "", {{"PartyId", " type=\"urn:t\"", "FR"}, {"Role", "", "urn:i"}}},
             {"To", "", "", {{"PartyId", " type=\"urn:t\"", "EU"}, {"Role", "", "urn:r"}}}}},
           {"CollaborationInfo",
            "",
            "",
            {{"AgreementRef", " type=\"urn:t\"", "urn:agreement"},
             {"Service", " type=\"urn:t\"", "urn:service"},
             {"Action", "", "createDataset"},
             {"ConversationId", "", "conversation"}}},
           {"MessageProperties", "", "", {{"Property", " name=\"originalSender\"", "x"}}},
           {"PayloadInfo",
            "",
            "",
            {{"PartInfo",
              " href=\"cid:one@x\"",
              "",
              {{"PartProperties", "", "", {{"Property", " name=\"MimeType\"", "application/json"}}}}}}}}};
}

element error_tree() {
  return {"SignalMessage",
          "",
          "",
          {{"MessageInfo",
            "",
            "",
            {{"Timestamp", "", "2026-11-22T12:00:00Z"}, {"MessageId", "", "a@b"}, {"RefToMessageId", "", "c@d"}}},
           {"Error",
            " errorCode=\"EBMS:0004\" severity=\"failure\"",
            "",
            {{"Description", "", "words"}, {"ErrorDetail", "", "more"}}}}};
}

std::string written(element const& e) {
  std::string out = "<eb:" + e.name + e.attributes + ">" + e.text;
  for (auto const& child : e.children) out += written(child);
  return out + "</eb:" + e.name + ">";
}

std::string outcome(element const& tree) {
  auto const text = "<eb:Messaging xmlns:eb=\"" + std::string{ns::ebms} + "\">" + written(tree) + "</eb:Messaging>";
  auto const document = xml::document::parse(text);
  REQUIRE(document);
  auto const read = read_messaging(document->root());
  if (read) return "accepted";
  CHECK_FALSE(read.error().mend.empty());
  return std::string{ebms_code_of(read.error()).code} + " " + read.error().code + " at " + read.error().where;
}

// Calls `with` for the tree with one change of each kind at each place below `at`.
template <class With>
void each_change(element const& whole, std::vector<std::size_t> const& way, With const& with) {
  auto const node = [&way](element& tree) -> element& {
    auto* at = &tree;
    for (auto const step : way) at = &at->children[step];
    return *at;
  };
  auto copy = whole;
  std::string path;
  for (auto const* at = &whole; auto const step : way) {
    at = &at->children[step];
    path += "/" + at->name;
  }
  auto const count = node(copy).children.size();
  for (std::size_t i = 0; i < count; ++i) {
    auto const changed = [&](std::string const& how, auto const& change) {
      auto tree = whole;
      auto& children = node(tree).children;
      auto const name = path + "/" + children[i].name;
      change(children);
      with(how + " " + name, tree);
    };
    auto const place = static_cast<std::ptrdiff_t>(i);
    changed("removed", [&](auto& list) { list.erase(list.begin() + place); });
    changed("doubled", [&](auto& list) { list.insert(list.begin() + place, element(list[i])); });
    changed("emptied", [&](auto& list) { list[i].text.clear(), list[i].children.clear(); });
    changed("renamed", [&](auto& list) { list[i].name = "Unknown"; });
    changed("with an unknown attribute", [&](auto& list) { list[i].attributes += " unknown=\"x\""; });
    changed("with a child too many", [&](auto& list) { list[i].children.push_back({"Unknown"}); });
    if (i + 1 < count) changed("swapped with the next", [&](auto& list) { std::swap(list[i], list[i + 1]); });
    auto below = way;
    below.push_back(i);
    each_change(whole, below, with);
  }
}

}  // namespace

TEST_CASE("every element of a header that is missing, doubled or out of order is refused with the agreed code") {
  std::string now;
  for (auto const& tree : {user_message_tree(), error_tree()}) {
    REQUIRE(outcome(tree) == "accepted");
    now += "== " + tree.name + "\n";
    each_change(tree, {}, [&now](std::string const& change, element const& changed) {
      now += change + ": " + outcome(changed) + "\n";
    });
  }
  ehds::tests::check_golden(std::string(EHDS_TEST_DIR) + "/golden/header_changes.txt", now);
}

TEST_CASE("an element of another namespace is not taken for one of ebMS") {
  auto text = written(user_message_tree());
  for (std::string const name : {"MessageInfo", "PartyInfo", "From", "PartyId", "CollaborationInfo", "Service",
                                 "Action", "ConversationId", "PartInfo"}) {
    auto foreign = text;
    for (std::string const& tag : {"<eb:" + name, "</eb:" + name}) {
      auto const at = foreign.find(tag);
      REQUIRE(at != std::string::npos);
      foreign.replace(foreign.find("eb:", at), 3, "x:");
    }
    auto const document = xml::document::parse("<eb:Messaging xmlns:x=\"urn:x\" xmlns:eb=\"" + std::string{ns::ebms} +
                                               "\">" + foreign + "</eb:Messaging>");
    INFO(name);
    if (!document) continue;  // the first closing tag belonged to another element
    auto const read = read_messaging(document->root());
    REQUIRE_FALSE(read);
    CHECK(ebms_code_of(read.error()).code == "EBMS:0009");
  }
}

TEST_CASE("timestamps are read as xs:dateTime of our time or refused") {
  struct stamp {
    std::string text;
    bool good;
  };
  std::vector<stamp> const table{
      {"2026-11-22T12:00:00Z", true},
      {"2026-11-22T12:00:00", true},
      {"2026-11-22T12:00:00.123456789Z", true},
      {"2026-11-22T12:00:00+14:00", true},
      {"2024-02-29T00:00:00Z", true},
      {"2016-12-31T23:59:60Z", true},
      {"2016-12-31T23:59:60", true},
      {"2026-11-22T12:00:60Z", false},
      {"2026-11-22", false},
      {"2026-11-22 12:00:00Z", false},
      {"2026-02-29T12:00:00Z", false},
      {"2026-13-01T12:00:00Z", false},
      {"2026-11-22T25:00:00Z", false},
      {"2026-11-22T12:60:00Z", false},
      {"1969-12-31T23:59:59Z", false},
      {"9999-06-01T00:00:00Z", false},
      {"yesterday", false},
      {"2026-11-22T12:00:00+1", false},
      {"-2026-11-22T12:00:00Z", false},
      {"2026-11-22T12:00Z", false},
      {"", false},
  };
  for (auto const& row : table) {
    auto tree = user_message_tree();
    tree.children[0].children[0].text = row.text;
    INFO(row.text);
    CHECK((outcome(tree) == "accepted") == row.good);
  }
}
