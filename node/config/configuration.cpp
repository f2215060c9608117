#include "node/config/configuration.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "node/config/commented_json.hpp"
#include "node/config/sections.hpp"

namespace ehds::node::config {

namespace {

struct outcome {
  configuration read;
  problems found;
};

outcome parsed(std::string_view text, file_path const& folder, environment const& env) {
  auto const document = parse_commented(text);
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
