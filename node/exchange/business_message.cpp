#include "node/exchange/business_message.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ehds::node::exchange {
namespace {

using json = nlohmann::ordered_json;

result<json> read_object(std::string_view text) {
  if (text.size() > envelope_limit)
    return problem{"exchange.envelope.too_large",
                   "The message is larger than " + std::to_string(envelope_limit) + " bytes.", "",
                   "Send large documents in the ZIP."};
  if (nested_deeper_than(text, envelope_depth_limit))
    return problem{"exchange.envelope.too_deep",
                   "The message is nested deeper than " + std::to_string(envelope_depth_limit) + " levels.", "", ""};
  member_watch<json> watch;
  auto read = json::parse(text, std::ref(watch), false);
  if (watch.twice())
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

}  // namespace

result<std::string> write_envelope(envelope const& of) {
  auto content = read_object(of.content);
  if (!content)
    return problem{"exchange.content", "The content of a message is a JSON object: " + content.error().detail, "", ""};
  return one_line(json{{"release", of.release},
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
  found.content = one_line(*content);
  return found;
}

std::string write_validation(problems const& found) {
  json list = json::array();
  for (auto const& p : found)
    list.push_back({{"code", p.code}, {"detail", p.detail}, {"where", p.where}, {"mend", p.mend}});
  return one_line(json{{"valid", found.empty()}, {"problems", list}});
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
