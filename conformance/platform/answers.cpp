#include "conformance/platform/answers.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace ehds::conformance::platform {
namespace {

plain_response told(int status, std::string const& detail) {
  return {status, R"({"status":)" + std::to_string(status) + R"(,"detail":")" + detail + "\"}"};
}

bool is_key(std::string const& key) {
  return !key.empty() && key.size() <= 200 &&
         std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

plain_response take(plain_request const& request, handover_folder& kept, clock const& now) {
  if (!is_key(request.idempotency_key)) return told(400, "An Idempotency-Key of 1 to 200 plain characters is wanted.");
  if (request.body.empty() || request.body.front() != '{' || !is_utf8(request.body))
    return told(400, "A JSON object is wanted.");
  auto const answer = kept.keep(request.idempotency_key, request.body, to_rfc3339(now.now()));
  switch (answer.how) {
    case keeping::fresh:
      return {201, answer.receipt};
    case keeping::known:
      return {200, answer.receipt};
    case keeping::other_content:
      return told(409, "This key was used for other content.");
  }
  return told(500, "");
}

// The bodies are shown as they came; they start with a brace but nobody promised that they are JSON, so as texts.
std::string quoted(std::string const& text) {
  std::string all = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') all += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      all += "\\u00" + to_hex(std::string(1, c));
    } else {
      all += c;
    }
  }
  return all + "\"";
}

plain_response list(handover_folder const& kept) {
  std::string rows;
  for (auto const& one : kept.all())
    rows += (rows.empty() ? "" : ",\n") + std::string{R"({"idempotency_key":)"} + quoted(one.key) + R"(,"receipt":)" +
            one.receipt + R"(,"body":)" + quoted(one.body) + "}";
  return {200, "{\"handovers\":[" + rows + "]}"};
}

}  // namespace

plain_response answer(plain_request const& request, handover_folder& kept, clock const& now) {
  if (request.target == "/livez" && request.method == "GET") return {200, R"({"status":"up"})"};
  if (request.target != "/handovers") return told(404, "There is only /handovers here.");
  if (request.method == "POST") return take(request, kept, now);
  if (request.method == "GET") return list(kept);
  return told(405, "POST or GET.");
}

}  // namespace ehds::conformance::platform
