// What a partner may say who holds the right key: the input is the content of eb:Messaging and, behind an empty line, a
// payload; both are signed here by the partner, so that all that stands behind the check of the signature is met. The
// message is taken, or refused with a code; what was taken is as the signature says.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/message/open_pull.hpp"
#include "edelivery/security/issue.hpp"
#include "edelivery/security/secure_message.hpp"

using namespace ehds;
using namespace ehds::edelivery;

namespace {

instant const now = parse_rfc3339("2026-11-22T12:00:00Z").value();
constexpr std::string_view boundary = "fuzz-part";

struct agreed {
  credentials partner = issue_certificate({.common_name = "fr",
                                           .country = {},
                                           .use = certificate_use::signing,
                                           .host = {},
                                           .not_before = now,
                                           .key = key_kind::ed25519})
                            .value();
  access_point us{partner, {}, "eu.example"};
  pmode_book book{{mode()}};

  pmode mode() const {
    pmode made;
    made.id = "fuzz";
    made.service = "s";
    made.service_type = "t";
    made.actions = {"a"};
    made.us.id = "EU";
    made.partner.id = "FR";
    made.mpc = "urn:mpc";
    made.security = edelivery_2_0_eddsa();
    made.security.encryption = payload_encryption::none;
    made.trust.pinned = {partner.cert};
    return made;
  }
};

void demand(bool holds) {
  if (!holds) __builtin_trap();
}

std::string part_text(std::string_view type, std::string_view id, std::string_view body) {
  return "--" + std::string(boundary) + "\r\nContent-Type: " + std::string(type) + "\r\nContent-ID: <" +
         std::string(id) + ">\r\n\r\n" + std::string(body) + "\r\n";
}

void check_user_message(secured_message const& message, agreed const& here) {
  std::string body = part_text("application/soap+xml", "root@fuzz", message.soap);
  for (auto const& part : message.parts) body += part_text(part.mime_type, part.content_id, part.body);
  body += "--" + std::string(boundary) + "--\r\n";
  auto const type = "multipart/related; type=\"application/soap+xml\"; boundary=" + std::string(boundary);
  auto const opened = open_message(type, body, here.book, here.us, now);
  if (!opened) return demand(opened.error().code.starts_with("EBMS:") && !opened.error().diagnosis.code.empty());
  demand(opened->pmode_id == "fuzz" && opened->parts.size() == message.parts.size());
  demand(opened->references.size() == message.references.size());
  demand(!opened->header.message_id.empty() && opened->header.from.id == "FR");
}

void check_signals(secured_message const& message, agreed const& here) {
  constexpr std::string_view type = "application/soap+xml";
  static auto const mode = here.mode();
  if (auto const got = open_signal(type, message.soap, mode, now); !got) demand(got.error().code.starts_with("EBMS:"));
  if (auto const got = open_pull_request(type, message.soap, here.book, now); !got)
    demand(got.error().code.starts_with("EBMS:"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  static agreed const here;
  std::vector<char> const exact{bytes, bytes + size};
  std::string_view const input{exact.data(), exact.size()};
  auto const end = input.find("\n\n");
  std::vector<payload_part> parts;
  if (end != std::string_view::npos) {
    auto const payload = input.substr(end + 2);
    bool const is_packed = payload.starts_with("\x1f\x8b");
    parts.push_back({"p@x", is_packed ? "application/gzip" : "application/octet-stream", std::string(payload)});
  }
  auto const message = sign(input.substr(0, end), std::move(parts), here.book.all().front().security, here.partner);
  if (!message) return 0;  // no XML, or none that we would sign
  check_user_message(*message, here);
  if (message->parts.empty()) check_signals(*message, here);
  return 0;
}
