// The published schema and the reader say the same.
#include "node/config/schema.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "node/config/configuration.hpp"

using namespace ehds::node::config;
using nlohmann::json;

namespace {

json const& schema() {
  static auto const read = json::parse(configuration_schema());
  return read;
}

// A document with every member that the schema knows.
json sample(json const& node) {
  if (node.contains("$ref")) return {{"env", "TOKEN"}};
  if (node.contains("enum")) return node["enum"][0];
  auto const type = node.value("type", "");
  if (type == "boolean") return true;
  if (type == "integer") return node["minimum"];
  if (type == "array") return json::array({sample(node["items"])});
  if (type == "string") return node.contains("pattern") ? "FR" : "https://x";
  json object = json::object();
  for (auto const& [name, member] : node["properties"].items()) object[name] = sample(member);
  return object;
}

std::expected<configuration, ehds::problems> read(json const& document) {
  auto const env = [](std::string const&) { return std::optional<std::string>{"secret"}; };
  return parse_configuration(document.dump(), "/etc/node", env);
}

std::vector<std::string> names(json const& object) {
  std::vector<std::string> all;
  for (auto const& [name, member] : object.items()) all.push_back(name);
  std::ranges::sort(all);
  return all;
}

std::vector<std::string> split(std::string text) {
  std::vector<std::string> all;
  text = text.substr(0, text.size() - 1);
  for (std::size_t at = text.find(": ") + 2; at < text.size() + 1;) {
    auto const end = std::min(text.find(", ", at), text.size());
    all.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  std::ranges::sort(all);
  return all;
}

// Every object of the schema with its place in a document.
void objects(json const& node, json::json_pointer const& at, std::vector<std::pair<json::json_pointer, json>>& into) {
  if (node.contains("items")) objects(node["items"], at / 0, into);
  if (!node.contains("properties")) return;
  into.emplace_back(at, node["properties"]);
  for (auto const& [name, member] : node["properties"].items()) objects(member, at / name, into);
}

}  // namespace

TEST_CASE("every member of the schema is known to the reader, with the type and the words the schema says") {
  auto const made = read(sample(schema()));

  std::string findings;
  if (!made)
    for (auto const& p : made.error()) findings += ehds::to_text(p) + "\n";
  // The sample names an edge zone with health data, and pushes to a door that it does not have: what only whole
  // configurations are judged for.
  CHECK(findings ==
        "The edge zone holds no health data. (at /health_data) Mend: Move it to the configuration of the data zone.\n"
        "The Domibus is to push messages, and no door serves the internal side. (at /listen) Mend: Add a door with "
        "\"serves\": \"internal\".\n");
}

TEST_CASE("the reader knows no member that the schema does not publish") {
  std::vector<std::pair<json::json_pointer, json>> all;
  objects(schema(), json::json_pointer{}, all);
  REQUIRE(all.size() == 21);

  for (auto const& [at, properties] : all) {
    auto document = sample(schema());
    document[at]["qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"] = 1;

    auto const made = read(document);

    INFO(at.to_string());
    REQUIRE_FALSE(made);
    REQUIRE(made.error().front().code == "config.unknown_key");
    CHECK(split(made.error().front().mend) == names(properties));
  }
}

TEST_CASE("every object of the schema is closed") {
  std::vector<std::pair<json::json_pointer, json>> all;
  objects(schema(), json::json_pointer{}, all);
  auto const text = std::string{configuration_schema()};
  std::size_t closed = 0;
  for (auto at = text.find("\"additionalProperties\": false"); at != std::string::npos;
       at = text.find("\"additionalProperties\": false", at + 1)) {
    ++closed;
  }

  CHECK(closed == all.size() + 2);  // and the two ways to name a secret
}
