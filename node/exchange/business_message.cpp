#include "node/exchange/business_message.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace ehds::node::exchange {
namespace {

using json = nlohmann::ordered_json;

// Nesting is counted before anything is built, so that no input decides how deep we go.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char const c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > envelope_depth_limit) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

// Two values under one name would let two readers see two messages.
json parse_watched(std::string_view text, bool& twice) {
  std::vector<std::set<std::string>> open;
  auto const watch = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key)
      twice = !open.back().insert(value.get_ref<std::string const&>()).second || twice;
    return true;
  };
  return json::parse(text, watch, false);
}

result<json> read_object(std::string_view text) {
  if (text.size() > envelope_limit)
    return problem{"exchange.envelope.too_large",
                   "The message is larger than " + std::to_string(envelope_limit) + " bytes.", "",
                   "Send large documents in the ZIP."};
  if (is_too_deep(text))
    return problem{"exchange.envelope.too_deep",
                   "The message is nested deeper than " + std::to_string(envelope_depth_limit) + " levels.", "", ""};
  bool twice = false;
  auto read = parse_watched(text, twice);
  if (twice)
    return problem{"exchange.envelope.shape", "An object of the message names a member twice.", "",
                   "Write each member once."};
  if (read.is_discarded()) return problem{"exchange.envelope.json", "The message is not JSON in UTF-8.", "", ""};
  if (!read.is_object()) return problem{"exchange.envelope.shape", "The message is not a JSON object.", "", ""};
  return read;
}

problem wrong_shape(std::string_view name, std::string_view wanted) {
  return {"exchange.envelope.shape", "The message has no " + std::string(wanted) + " '" + std::string(name) + "'.",
          "/" + std::string(name), ""};
}

// Absent and null are the same: the receiver does not rely on what it stamps itself.
result<std::string> optional_text(json const& in, char const* name) {
  auto const found = in.find(name);
  if (found == in.end() || found->is_null()) return std::string();
  if (found->is_string()) return found->get<std::string>();
  return wrong_shape(name, "text");
}

json text_or_null(std::string const& text) { return text.empty() ? json(nullptr) : json(text); }

std::string dumped(json const& of) { return of.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

result<std::string> write_envelope(envelope const& of) {
  auto content = read_object(of.content);
  if (!content)
    return problem{"exchange.content", "The content of a message is a JSON object: " + content.error().detail, "", ""};
  return dumped({{"release", of.release},
                 {"type", of.type},
                 {"message_id", of.message_id},
                 {"original_message_id", text_or_null(of.original_message_id)},
                 {"nation_id", text_or_null(of.nation_id)},
                 {"access_point_id", text_or_null(of.access_point_id)},
                 {"content", *std::move(content)}});
}

result<envelope> read_envelope(std::string_view text) {
  auto const read = read_object(text);
  if (!read) return read.error();
  envelope found;
  std::pair<char const*, std::string*> const fields[] = {
      {"release", &found.release},       {"type", &found.type},
      {"message_id", &found.message_id}, {"original_message_id", &found.original_message_id},
      {"nation_id", &found.nation_id},   {"access_point_id", &found.access_point_id}};
  for (auto const& [name, into] : fields) {
    auto value = optional_text(*read, name);
    if (!value) return std::move(value).error();
    *into = *std::move(value);
  }
  if (found.type.empty()) return wrong_shape("type", "text");
  auto const content = read->find("content");
  if (content == read->end() || !content->is_object()) return wrong_shape("content", "object");
  found.content = dumped(*content);
  return found;
}

std::string write_validation(problems const& found) {
  json list = json::array();
  for (auto const& p : found)
    list.push_back({{"code", p.code}, {"detail", p.detail}, {"where", p.where}, {"mend", p.mend}});
  return dumped({{"valid", found.empty()}, {"problems", list}});
}

result<validation> read_validation(std::string_view content) {
  auto const read = read_object(content);
  if (!read) return read.error();
  auto const valid = read->find("valid");
  if (valid == read->end() || !valid->is_boolean()) return wrong_shape("valid", "true or false");
  validation found{valid->get<bool>(), {}};
  auto const list = read->find("problems");
  if (list == read->end()) return found;
  if (!list->is_array()) return wrong_shape("problems", "list");
  for (auto const& one : *list) {
    if (!one.is_object()) return wrong_shape("problems", "list of objects");
    problem p;
    std::pair<char const*, std::string*> const fields[] = {
        {"code", &p.code}, {"detail", &p.detail}, {"where", &p.where}, {"mend", &p.mend}};
    for (auto const& [name, into] : fields) *into = optional_text(one, name).value_or("");
    found.found.push_back(std::move(p));
  }
  return found;
}

}  // namespace ehds::node::exchange
