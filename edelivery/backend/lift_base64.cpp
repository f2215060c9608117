#include "edelivery/backend/lift_base64.hpp"

#include <algorithm>

#include "edelivery/backend/payload_elements.hpp"

namespace ehds::edelivery::backend {
namespace {

constexpr std::string_view mark = "\xEE\x80\x80";  // U+E000, for private use: no base64, and in no other value
constexpr std::size_t shortest_run = 8 * 1024;

bool is_base64_or_blank(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
         c == '=' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::string mark_of(std::size_t run) { return std::string(mark) + std::to_string(run); }

}  // namespace

result<lifted_text> lift_base64(std::string_view soap) {
  if (soap.find(mark) != std::string_view::npos)
    return bad_payload("the answer holds a character for private use", "Envelope");
  lifted_text lifted;
  for (std::size_t at = 0; at < soap.size();) {
    // From one "<" to the next; what comes after the last ">" in between is the text between two tags.
    auto const end = std::min(soap.find('<', at + 1), soap.size());
    auto const piece = soap.substr(at, end - at);
    auto const tag = piece.rfind('>');
    auto const run = tag == std::string_view::npos ? std::string_view{} : piece.substr(tag + 1);
    if (run.size() > shortest_run && std::ranges::all_of(run, is_base64_or_blank)) {
      if (lifted.runs.size() == most_payloads) return bad_payload("the message has more than 128 payloads", "Envelope");
      lifted.text.append(piece.substr(0, tag + 1)).append(mark_of(lifted.runs.size()));
      lifted.runs.push_back(run);
    } else {
      lifted.text.append(piece);
    }
    at = end;
  }
  return lifted;
}

std::optional<std::size_t> marked_run(std::string_view text, std::size_t runs) {
  if (!text.starts_with(mark)) return std::nullopt;
  for (std::size_t run = 0; run < runs; ++run)
    if (text == mark_of(run)) return run;
  return std::nullopt;
}

}  // namespace ehds::edelivery::backend
