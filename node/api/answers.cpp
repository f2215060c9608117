#include "node/api/answers.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/slips.hpp"

namespace ehds::node::api {
namespace {

using nlohmann::json;

struct code_status {
  std::string_view part;  // of the code: whole, or ".end"
  int status;
};

// The first that fits decides.
constexpr std::array<code_status, 39> statuses{{
    {"api.unauthenticated", 401},
    {"identity.sign_in", 401},
    {"identity.throttled", 429},
    {"api.forbidden", 403},
    {"api.csrf", 403},
    {".role", 403},
    {".duties", 403},
    {"exchange.partner.unknown", 422},
    {"exchange.test.direction", 422},
    {".unknown", 404},
    {"api.not_found", 404},
    {".gone", 410},
    {".transition", 409},
    {"access.case.proposal", 409},
    {".taken", 409},
    {".reused", 409},
    {".version", 409},
    {"exchange.submission.", 422},
    {".not_waiting", 409},
    {"exchange.outbox.delivered", 409},
    {"exchange.update.decided", 409},
    {"exchange.update.unfit", 409},
    {"exchange.update.", 422},
    {".revocation_unknown", 409},
    {".not_leased", 409},
    {"approval.", 409},
    {".too_large", 413},
    {"api.media_type", 415},
    {"store.disk_full", 503},
    {"store.busy", 503},
    {"store.", 503},
    {"api.json", 400},
    {".syntax", 400},
    {"access.", 422},
    {"dcat.", 422},
    {"query.", 422},
    {"federation.", 422},
    {"form.", 422},
    {"catalogue.", 422},
}};

bool is_of_kind(std::string_view code, std::string_view part) {
  if (part.starts_with('.')) return code.ends_with(part);
  if (part.ends_with('.')) return code.starts_with(part);
  return code == part;
}

constexpr std::size_t body_depth = 48;

}  // namespace

int status_of(problem const& what) {
  for (auto const& [part, status] : statuses)
    if (is_of_kind(what.code, part)) return status;
  return 400;
}

http::response refuse(problem const& what) {
  auto answer = http::problem_response(status_of(what), what);
  if (answer.status == 401) answer.headers.set("WWW-Authenticate", "Bearer");
  if (answer.status == 503 || answer.status == 429) answer.headers.set("Retry-After", "5");
  return answer;
}

http::response refuse(problems const& what) {
  if (what.size() == 1) return refuse(what.front());
  return http::problem_response(status_of(what.front()), what);
}

result<json> object_of(std::string_view text, std::size_t deepest) {
  if (nested_deeper_than(text, deepest))
    return problem{"api.json",
                   "the JSON is nested deeper than " + std::to_string(deepest) + " levels",
                   {},
                   "send a flatter object"};
  try {
    auto read = json::parse(text);
    if (read.is_object()) return read;
    return problem{"api.json", "this is JSON, but no object", {}, "send a JSON object: {..}"};
  } catch (json::parse_error const& fault) {
    return problem{"api.json", "this is no JSON", line_and_column(text, fault.byte),
                   "look for a missing comma, bracket or quotation mark there"};
  } catch (json::exception const&) {
    return problem{
        "api.json", "the JSON holds a value that cannot be read", {}, "look for a number that is far too large"};
  }
}

result<json> body_object(http::request const& asked) {
  auto const type = asked.header("Content-Type");
  if (!type.starts_with("application/json"))
    return problem{"api.media_type", "the body must be application/json", "Content-Type", "send JSON"};
  return object_of(asked.body, body_depth);
}

problem no_member(std::string place, std::vector<std::string> const& known, std::string_view written) {
  return {"api.json", "there is no member of this name", std::move(place),
          did_you_mean(written, known) + "the members are " + listed(known)};
}

std::string text_in(json const& object, std::string_view member) {
  auto const found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

result<void> only_members(json const& object, std::initializer_list<std::string_view> names) {
  for (auto const& [name, value] : object.items()) {
    if (std::ranges::find(names, std::string_view(name)) != names.end()) continue;
    return no_member("/" + name, {names.begin(), names.end()}, name);
  }
  return {};
}

result<std::vector<json>> objects_in(json const& object, std::string_view member) {
  std::string const place = "/" + std::string(member);
  auto const found = object.find(member);
  if (found == object.end()) return std::vector<json>{};
  if (!found->is_array()) return problem{"api.json", "a list of objects is expected", place, "write [{...}]"};
  std::vector<json> list;
  for (auto const& item : *found) {
    if (!item.is_object())
      return problem{"api.json", "an object is expected", place + "/" + std::to_string(list.size()), "write {...}"};
    list.push_back(item);
  }
  return list;
}

http::response answer_json(json const& body, int status) {
  return http::json(body.dump(-1, ' ', false, json::error_handler_t::replace), status);
}

http::response answer_soap(std::string envelope, int status) {
  return http::bytes(std::move(envelope), "application/soap+xml; charset=utf-8", status);
}

// Of a long one its digest: cut, two of them could become one.
std::string given_key(http::request const& asked) {
  auto const key = asked.header("Idempotency-Key");
  return key.size() <= 200 ? std::string(key) : sha256_hex(key);
}

std::string idempotency_key(http::request const& asked) {
  auto given = given_key(asked);
  return given.empty() ? random_uuid() : given;
}

}  // namespace ehds::node::api
