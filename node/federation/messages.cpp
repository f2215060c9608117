#include "node/federation/messages.hpp"

#include "base/json.hpp"

#include <nlohmann/json.hpp>

namespace ehds::node::federation {
namespace {

using nlohmann::json;

problem unreadable(std::string where, std::string mend) {
  return {"federation.content", "the content of the message is not what its action asks for", std::move(where),
          std::move(mend)};
}

// Nested deeper than any query or table is: refused before a tree is built.
constexpr std::size_t depth_limit = 40;

result<json> read_object(std::string_view content) {
  if (content.size() > content_limit) return unreadable("/", "send at most 2 MiB");
  if (nested_deeper_than(content, depth_limit)) return unreadable("/", "send a JSON object");
  json read = json::parse(content, nullptr, false);
  if (!read.is_object()) return unreadable("/", "send a JSON object");
  return read;
}

result<std::string> text_member(json const& object, char const* name, std::size_t limit) {
  auto const found = object.find(name);
  if (found == object.end() || !found->is_string()) return unreadable(std::string("/") + name, "give a text");
  auto text = found->get<std::string>();
  if (text.empty() || text.size() > limit)
    return unreadable(std::string("/") + name, "give 1 to " + std::to_string(limit) + " bytes");
  return text;
}

result<std::string> object_member(json const& object, char const* name) {
  auto const found = object.find(name);
  if (found == object.end() || !found->is_object()) return unreadable(std::string("/") + name, "give an object");
  return found->dump();
}

constexpr std::size_t id_limit = 200;
constexpr std::size_t title_limit = 500;

}  // namespace

std::string to_json(submit_query const& content) {
  return json{{"part", content.part},
              {"title", content.title},
              {"application_id", content.application},
              {"query", json::parse(content.query)}}
      .dump();
}
std::string to_json(query_status const& content) {
  return json{{"part", content.part}, {"state", content.state}}.dump();
}
std::string to_json(released_answer const& content) {
  return json{{"part", content.part}, {"table", json::parse(content.table)}}.dump();
}
std::string to_json(query_refused const& content) {
  return json{{"part", content.part}, {"outcome", "not answered"}}.dump();
}

result<submit_query> read_submit_query(std::string_view content) {
  auto const object = read_object(content);
  if (!object) return object.error();
  auto part = text_member(*object, "part", id_limit);
  if (!part) return part.error();
  auto title = text_member(*object, "title", title_limit);
  if (!title) return title.error();
  auto application = text_member(*object, "application_id", id_limit);
  if (!application) return application.error();
  auto query = object_member(*object, "query");
  if (!query) return query.error();
  return submit_query{*part, *title, *application, *query};
}

result<query_status> read_query_status(std::string_view content) {
  auto const object = read_object(content);
  if (!object) return object.error();
  auto part = text_member(*object, "part", id_limit);
  if (!part) return part.error();
  auto state = text_member(*object, "state", id_limit);
  if (!state) return state.error();
  return query_status{*part, *state};
}

result<released_answer> read_released_answer(std::string_view content) {
  auto const object = read_object(content);
  if (!object) return object.error();
  auto part = text_member(*object, "part", id_limit);
  if (!part) return part.error();
  auto table = object_member(*object, "table");
  if (!table) return table.error();
  return released_answer{*part, *table};
}

result<query_refused> read_query_refused(std::string_view content) {
  auto const object = read_object(content);
  if (!object) return object.error();
  auto part = text_member(*object, "part", id_limit);
  if (!part) return part.error();
  return query_refused{*part};
}

}  // namespace ehds::node::federation
