#include "node/api/submission_words.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "edelivery/mime/multipart.hpp"
#include "node/api/answers.hpp"

namespace ehds::node::api {
namespace {

using nlohmann::json;

constexpr std::size_t submission_depth = 8;
constexpr std::size_t most_findings = 100;
constexpr auto submission_form =
    R"(send application/json, or with payloads multipart/related; boundary=..; type="application/json": the JSON first, )"
    "then each payload with its Content-Type and Content-ID (multipart/form-data is not read)";

// Reads members and collects what is wrong with them.
class members {
 public:
  members(json const& object, std::string place, problems& found)
      : object_(object), place_(std::move(place)), found_(found) {
    if (!object.is_object()) wrong("", "an object is expected");
  }
  void text(char const* name, std::string& into) {
    auto const* const value = member(name);
    if (value == nullptr) return;
    if (value->is_string())
      into = value->get<std::string>();
    else
      wrong(name, "a text is expected");
  }
  // Calls read(object, place) for each item of a list.
  template <class Read>
  void list(char const* name, Read read) {
    auto const* const value = member(name);
    if (value == nullptr) return;
    if (!value->is_array()) return wrong(name, "a list is expected");
    for (std::size_t i = 0; i < value->size(); ++i) read((*value)[i], place_ + "/" + name + "/" + std::to_string(i));
  }
  void finish() {
    if (!object_.is_object()) return;
    for (auto const& [name, value] : object_.items())
      if (std::ranges::find(known_, name) == known_.end() && found_.size() < most_findings)
        found_.push_back(no_member(place_ + "/" + name, known_, name));
  }
  void wrong(std::string const& name, std::string detail) {
    if (found_.size() >= most_findings) return;
    found_.push_back({"api.json", std::move(detail), name.empty() ? place_ : place_ + "/" + name,
                      "see POST /api/messages in /openapi.json"});
  }

 private:
  json const* member(char const* name) {
    known_.emplace_back(name);
    auto const found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }
  json const& object_;
  std::string place_;
  problems& found_;
  std::vector<std::string> known_;
};

void read_properties(members& in, std::vector<edelivery::message_property>& into, problems& found) {
  in.list("properties", [&](json const& one, std::string const& place) {
    members property(one, place, found);
    auto& read = into.emplace_back();
    property.text("name", read.name);
    property.text("value", read.value);
    property.text("type", read.type);
    property.finish();
  });
}

void describe_part(json const& one, std::string const& place, std::vector<exchange::submitted_part>& parts,
                   problems& found) {
  members in(one, place, found);
  exchange::submitted_part said;
  in.text("content_id", said.content_id);
  auto const part = std::ranges::find(parts, said.content_id, &exchange::submitted_part::content_id);
  if (part == parts.end() || said.content_id.empty())
    in.wrong("content_id", "the body has no part with this Content-ID");
  in.text("mime_type", said.mime_type);
  in.text("character_set", said.character_set);
  read_properties(in, said.properties, found);
  in.finish();
  if (part == parts.end()) return;
  if (!part->character_set.empty() || !part->properties.empty()) in.wrong("content_id", "this part is described twice");
  if (!said.mime_type.empty()) part->mime_type = said.mime_type;
  part->character_set = said.character_set;
  part->properties = said.properties;
}

void read_message(json const& root, exchange::submission& message, problems& found) {
  members in(root, "", found);
  for (auto const& [name, into] :
       {std::pair("pmode", &message.pmode_id), std::pair("action", &message.action),
        std::pair("message_id", &message.message_id), std::pair("conversation_id", &message.conversation_id),
        std::pair("ref_to_message_id", &message.ref_to_message_id)})
    in.text(name, *into);
  if (message.pmode_id.empty()) in.wrong("pmode", "the P-Mode is missing");
  read_properties(in, message.properties, found);
  in.list("parts", [&](json const& one, std::string const& place) { describe_part(one, place, message.parts, found); });
  in.finish();
}

}  // namespace

std::expected<read_submission, problems> read_submitted(std::string_view content_type, byte_source const& body) {
  edelivery::mime_limits limits;
  limits.bytes = body.size();  // the route has its own
  limits.parts = submission_parts + 1;
  limits.root_bytes = submission_root_bytes;
  auto const layout = edelivery::lay_out_mime(content_type, body, limits, {"application/json", "application/json"});
  if (!layout && layout.error().code.ends_with(".not_soap"))
    return std::unexpected(problems{{"api.media_type", layout.error().detail, "Content-Type", submission_form}});
  if (!layout) return std::unexpected(problems{layout.error()});
  auto const text = layout->root_bytes;
  auto const root = object_of(text, submission_depth);
  if (!root) return std::unexpected(problems{root.error()});
  read_submission read;
  for (auto const& part : layout->parts) {
    auto content = edelivery::content_of(body, part);
    if (!content) return std::unexpected(problems{content.error()});
    auto const& source = read.sources.emplace_back(*std::move(content));
    auto const type = part.media_type.empty() ? std::string("application/octet-stream") : part.media_type;
    read.message.parts.push_back({part.content_id, type, "", {}, source.get()});
  }
  problems found;
  read_message(*root, read.message, found);
  if (!found.empty()) return std::unexpected(std::move(found));
  return read;
}

}  // namespace ehds::node::api
