#include "node/config/configuration.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "base/slips.hpp"
#include "node/config/sections.hpp"

namespace ehds::node::config {

using nlohmann::json;

namespace {

constexpr std::size_t most_bytes = 1024 * 1024;
constexpr int deepest = 16;

problem syntax(std::string detail, std::string where, std::string mend) {
  return {"config.syntax", std::move(detail), std::move(where), std::move(mend)};
}

std::expected<json, problems> parse_json(std::string_view text) {
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

struct outcome {
  configuration read;
  problems found;
};

outcome parsed(std::string_view text, file_path const& folder, environment const& env) {
  if (text.size() > most_bytes) return {{}, {syntax("The file is larger than 1 MiB.", "", "")}};
  auto const document = parse_json(text);
  if (!document) return {{}, document.error()};
  reading_context context{folder, env, {}};
  auto read = read_document(*document, context);
  // Whether sections go together is judged only when each can be trusted.
  if (context.found.empty()) check_together(read, context.found);
  return {std::move(read), std::move(context.found)};
}

}  // namespace

environment process_environment() {
  return [](std::string const& name) -> std::optional<std::string> {
    auto const* const value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string{value};
  };
}

std::expected<configuration, problems> parse_configuration(std::string_view text, file_path const& folder,
                                                           environment const& env) {
  auto made = parsed(text, folder, env);
  if (!made.found.empty()) return std::unexpected(std::move(made.found));
  return std::move(made.read);
}

std::expected<configuration, problems> read_configuration(file_path const& file, environment const& env) {
  std::ifstream in(file, std::ios::binary);
  std::error_code ignored;
  if (!in || std::filesystem::is_directory(file, ignored)) {
    return std::unexpected(problems{{"config.unreadable", "The configuration " + file.string() + " cannot be read.",
                                     file.string(), "Check the path and who may read it."}});
  }
  std::string const text{std::istreambuf_iterator<char>{in}, {}};
  auto const absolute = std::filesystem::absolute(file).lexically_normal();
  auto made = parsed(text, absolute.parent_path(), env);
  if (made.found.empty()) check_paths(made.read, made.found);
  if (!made.found.empty()) return std::unexpected(std::move(made.found));
  made.read.file = absolute;
  return std::move(made.read);
}

}  // namespace ehds::node::config
