#include "node/house/sealed_permit.hpp"

#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "node/access/permits/permit_book.hpp"
#include "node/access/permits/query_permit.hpp"
#include "node/identity/jws.hpp"

namespace ehds::node::house {
namespace {

using nlohmann::json;

problem unusable() {
  return {"zone.permit", "the sealed permit cannot be read", {}, "look whether edge and zone are of the same release"};
}

std::string text_at(json const& object, std::string const& pointer) {
  json::json_pointer const place(pointer);
  return object.contains(place) && object[place].is_string() ? object[place].get<std::string>() : std::string{};
}

// "FR-2026-0001/2" becomes number and version.
bool split_id(std::string const& id, access::permit_line& into) {
  auto const slash = id.rfind('/');
  if (slash == std::string::npos) return false;
  auto const version = parse_number<std::int64_t>(std::string_view(id).substr(slash + 1));
  into.id = id;
  into.number = id.substr(0, slash);
  into.version = version.value_or(0);
  return version.has_value();
}

}  // namespace

std::string seal_permit(store::reading& now, policies::data_permit const& permit) {
  auto const line = access::permit_book::find(now, permit.id + "/" + std::to_string(permit.version));
  if (!line) return "{}";
  return json{{"jws", line->jws}, {"status", line->status}}.dump();
}

result<policies::data_permit> open_sealed_permit(std::string_view sealed,
                                                 std::vector<identity::verifying_key> const& authority) {
  auto const wrapped = json::parse(sealed, nullptr, false);
  if (!wrapped.is_object()) return unusable();
  auto const verified = identity::verify_jws(text_at(wrapped, "/jws"), "permit+jwt", authority);
  if (!verified) return verified.error();
  auto const payload = json::parse(verified->payload, nullptr, false);
  access::permit_line line;
  if (!payload.is_object() || !split_id(text_at(payload, "/permit"), line)) return unusable();
  line.application_id = text_at(payload, "/application/id");
  line.type = text_at(payload, "/basis") == "request_approval" ? "DATA_REQUEST_APPLICATION" : "DATA_ACCESS_APPLICATION";
  line.status = text_at(wrapped, "/status");
  line.valid_from = text_at(payload, "/terms/valid_from");
  line.valid_to = text_at(payload, "/terms/valid_to");
  auto const issued = parse_rfc3339(text_at(payload, "/issued_at"));
  if (!issued || !parse_date(line.valid_from) || !parse_date(line.valid_to)) return unusable();
  line.issued = *issued;
  line.payload_json = verified->payload;
  return access::query_permit(line);
}

}  // namespace ehds::node::house
