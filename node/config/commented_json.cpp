#include "node/config/commented_json.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/slips.hpp"

namespace ehds::node::config {

using nlohmann::json;

namespace {

constexpr std::size_t most_bytes = 1024 * 1024;
constexpr int deepest = 16;

problem syntax(std::string detail, std::string where, std::string mend) {
  return {"config.syntax", std::move(detail), std::move(where), std::move(mend)};
}

}  // namespace

std::expected<json, problems> parse_commented(std::string_view text) {
  if (text.size() > most_bytes) return std::unexpected(problems{syntax("The file is larger than 1 MiB.", "", "")});
  std::vector<std::set<std::string>> open;
  problems found;
  auto const watch = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > deepest && found.empty()) found.push_back(syntax("The file is nested too deeply.", "", ""));
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event != json::parse_event_t::key) return true;
    auto const name = parsed.get<std::string>();
    if (!open.back().insert(name).second) {
      found.push_back(syntax("The entry \"" + name + "\" stands in one object twice.", name, "Keep one of them."));
    }
    return true;
  };
  try {
    auto document = json::parse(text, watch, true, true);
    if (found.empty()) return document;
  } catch (json::parse_error const& fault) {
    found.push_back(syntax("The file is not JSON.", line_and_column(text, fault.byte),
                           "Look for a missing comma, bracket or quotation mark there; comments are // and /* */."));
  } catch (json::exception const&) {  // a number beyond every range
    found.push_back(
        syntax("The file holds a value that cannot be read.", "", "Look for a number that is far too large."));
  }
  return std::unexpected(std::move(found));
}

}  // namespace ehds::node::config
