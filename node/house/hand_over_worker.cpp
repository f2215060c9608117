#include "node/house/hand_over_worker.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::house {
namespace {

// "FR-2026-0001/2"
std::int64_t version_in(std::string const& permit_id) {
  auto const slash = permit_id.rfind('/');
  if (slash == std::string::npos) return 1;
  return parse_number<std::int64_t>(std::string_view(permit_id).substr(slash + 1)).value_or(1);
}

connectors::hand_over parcel_of(access::permit_book const& book, access::handover_entry const& entry) {
  connectors::hand_over parcel;
  parcel.id = entry.key;
  parcel.idempotency_key = entry.key;
  parcel.kind = entry.kind == "revoke" || entry.kind == "expire" ? connectors::hand_over_kind::revocation
                                                                 : connectors::hand_over_kind::grant;
  parcel.permit_id = entry.permit_id;
  parcel.permit_version = version_in(entry.permit_id);
  parcel.permit_jws = entry.body;
  auto const permit = book.find(entry.permit_id);
  parcel.permit_json = permit ? permit->payload_json : "{}";
  return parcel;
}

std::string proof_text(connectors::receipt_proof const& proof) {
  return nlohmann::json{
      {"receipt_id", proof.receipt_id}, {"sha256", proof.sha256}, {"received_at", to_rfc3339(proof.received_at)}}
      .dump();
}

// Doubles from two seconds to a quarter of an hour, for ever: a permit is not given up because a platform is down.
std::chrono::milliseconds pause_after(std::int64_t attempts) {
  auto const doubled = std::chrono::seconds{std::int64_t{2} << std::min<std::int64_t>(attempts, 9)};
  return std::min<std::chrono::milliseconds>(doubled, std::chrono::minutes{15});
}

}  // namespace

bool hand_over_worker::run_once() {
  bool delivered = false;
  for (auto const& entry : book_.due(wall_.now())) delivered = attempt(entry) || delivered;
  return delivered;
}

bool hand_over_worker::attempt(access::handover_entry const& entry) {
  // Under Art. 69 the user never gets data: there is nothing for the platform to prepare.
  if (entry.type == "DATA_REQUEST_APPLICATION") {
    book_.mark_done(entry.key, "an approval under Art. 69 stays with the authority", wall_.now()).value();
    return true;
  }
  auto const outcome = platform_.deliver(parcel_of(book_, entry));
  store::fail_point("handover.after_delivery");
  auto const now = wall_.now();
  if (auto const* proof = std::get_if<connectors::receipt_proof>(&outcome)) {
    book_.mark_done(entry.key, proof_text(*proof), now).value();
    return true;
  }
  auto pause = pause_after(entry.attempts);
  std::string why;
  if (auto const* later = std::get_if<connectors::try_later>(&outcome)) {
    why = to_text(later->why);
    if (later->not_before) pause = std::max(pause, *later->not_before);
  } else {
    // Refused for good by the platform: a person must look, and the platform may be mended, so try once a day.
    why = "refused: " + to_text(std::get<connectors::refused_for_good>(outcome).why);
    pause = std::chrono::hours{24};
  }
  book_.mark_failed(entry.key, why, now, now + pause).value();
  return false;
}

}  // namespace ehds::node::house
