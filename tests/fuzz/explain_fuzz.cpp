// A message looked at again for its explanation: the first line is the Content-Type, the rest the body. Whatever comes,
// an explanation within its bounds, as text and as JSON.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "edelivery/explain/explain_message.hpp"
#include "edelivery/security/issue.hpp"

using namespace ehds;
using namespace ehds::edelivery;

namespace {

instant const now = parse_rfc3339("2026-11-22T12:00:00Z").value();

struct node {
  credentials own = issue_certificate({.common_name = "eu",
                                       .country = {},
                                       .use = certificate_use::signing_and_encryption,
                                       .host = {},
                                       .not_before = now,
                                       .key = key_kind::elliptic_curve})
                        .value();
  access_point point{own, {own}, "eu.example"};
  pmode_book book{{mode()}};

  pmode mode() const {
    pmode agreed;
    agreed.id = "fuzz";
    agreed.service = "urn:s";
    agreed.us.id = "EU";
    agreed.partner.id = "FR";
    agreed.security = edelivery_2_0_ecdsa();
    agreed.trust.pinned = {own.cert};
    return agreed;
  }
};

void demand(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  static node const here;
  static pmode const mode = here.mode();
  // Exactly sized on the heap, so that a read past the end is seen.
  std::vector<char> const exact{bytes, bytes + size};
  std::string_view const input{exact.data(), exact.size()};
  auto const end = input.find('\n');
  auto const body = end == std::string_view::npos ? std::string_view{} : input.substr(end + 1);
  for (bool const deep : {false, true}) {
    auto told = explain_message(input.substr(0, end), memory_source(body), here.book, here.point, now,
                                {.opens_unproven = deep, .signal_mode = &mode});
    conclude(told, "EBMS:0004", problem{"edelivery.fuzz", "no reason", "", ""});
    demand(told.steps().size() > 1 && told.steps().size() <= explanation::most_steps + 1);
    demand(!to_text(told).empty() && to_json(told).size() < 4 * 1024 * 1024);
  }
  return 0;
}
