#include <algorithm>

#include "base/bytes.hpp"
#include "base/numbers.hpp"
#include "connectors/platform/local_platform.hpp"
#include "policies/json/value.hpp"

namespace ehds::connectors {
namespace {

namespace json = policies::json;

constexpr std::size_t longest_answer = 64 * 1024;
constexpr int longest_retry_after = 86'400;  // seconds

std::string text_member(json::object const& from, std::string_view name) {
  auto const found = std::ranges::find_if(from, [&](auto const& member) { return member.first == name; });
  if (found == from.end()) return {};
  auto const* const text = std::get_if<std::string>(&found->second.is);
  return text != nullptr ? *text : std::string{};
}

problem wrong_proof(std::string detail) {
  return {"platform.proof", std::move(detail), "", "Ask the platform's operator; the hand-over is tried again."};
}

// Other members are the platform's own affair.
result<receipt_proof> read_proof(std::string_view answer, std::string const& body) {
  auto const read = json::read(answer, {.bytes = longest_answer, .depth = 8});
  auto const* const members = read ? std::get_if<json::object>(&read->is) : nullptr;
  if (members == nullptr) return wrong_proof("The platform's receipt is no JSON object.");
  receipt_proof proof{text_member(*members, "receipt_id"), text_member(*members, "sha256"), {}};
  auto const received = parse_rfc3339(text_member(*members, "received_at"));
  if (proof.receipt_id.empty() || !received) return wrong_proof("The platform's receipt lacks its id or its time.");
  if (!equal_in_constant_time(proof.sha256, sha256_hex(body)))
    return wrong_proof("The platform's receipt is for other bytes than those sent.");
  proof.received_at = *received;
  return proof;
}

std::optional<std::chrono::milliseconds> retry_after(http_call_response const& answer) {
  auto const seconds = parse_number<int>(answer.header("Retry-After"));
  if (!seconds || *seconds < 0) return std::nullopt;
  return std::chrono::seconds{std::min(*seconds, longest_retry_after)};
}

bool may_change(int status) { return status == 408 || status == 425 || status == 429 || status >= 500; }

problem answered(int status) {
  return {"platform.status", "The platform answered with status " + std::to_string(status) + ".", "",
          "Look at the platform's own log."};
}

}  // namespace

attempt_outcome http_platform::deliver(hand_over const& what) {
  auto const body = hand_over_body(what);
  if (!body) return refused_for_good{body.error()};
  http_call_request request;
  request.method = "POST";
  request.url = to_.url;
  request.headers = to_.headers;
  request.headers.push_back({"Content-Type", "application/json"});
  request.headers.push_back({"Idempotency-Key", what.idempotency_key});
  request.body = *body;
  request.timeout = to_.timeout;
  request.response_limit = longest_answer;

  auto const answer = network_.call(request);
  if (!answer) return try_later{answer.error(), std::nullopt};
  if (answer->status == 200 || answer->status == 201) {
    auto proof = read_proof(answer->body, *body);
    if (!proof) return try_later{std::move(proof).error(), std::nullopt};
    return *std::move(proof);
  }
  if (may_change(answer->status)) return try_later{answered(answer->status), retry_after(*answer)};
  return refused_for_good{answered(answer->status)};
}

}  // namespace ehds::connectors
