#include "connectors/platform/hand_over.hpp"

#include "policies/json/value.hpp"

namespace ehds::connectors {

namespace json = policies::json;

result<std::string> hand_over_body(hand_over const& what) {
  auto permit = json::read(what.permit_json, {.bytes = 1024 * 1024, .depth = 24});
  if (!permit)
    return problem{"platform.permit", "The readable permit is no JSON that can be sent.", what.id,
                   "Write it with policies/data_permit."};
  json::object body{{"id", what.id},
                    {"kind", what.kind == hand_over_kind::grant ? "grant" : "revocation"},
                    {"permit", *std::move(permit)},
                    {"permit_id", what.permit_id},
                    {"permit_jws", what.permit_jws},
                    {"permit_version", what.permit_version}};
  return json::write(json::value{std::move(body)});
}

}  // namespace ehds::connectors
