// A P-Mode file as an operator or a page hands it in, for a node that speaks AS4 and for one behind a Domibus: P-Modes,
// or findings that each name a place.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "edelivery/pmode/read_pmodes.hpp"
#include "edelivery/security/issue.hpp"

using namespace ehds;
using namespace ehds::edelivery;

namespace {

void demand(bool holds) {
  if (!holds) __builtin_trap();
}

std::string const& shown_certificate() {
  static std::string const made = issue_certificate({.common_name = "fr",
                                                     .country = {},
                                                     .use = certificate_use::signing_and_encryption,
                                                     .host = {},
                                                     .not_before = parse_rfc3339("2026-11-22T12:00:00Z").value(),
                                                     .key = key_kind::elliptic_curve})
                                      .value()
                                      .cert.pem();
  return made;
}

result<std::string> named_file(std::string const& path) {
  if (path.size() % 2 == 0) return shown_certificate();
  return problem{"edelivery.fuzz", "no such file", path, "name another"};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::vector<char> const exact{bytes, bytes + size};
  for (auto const whose : {spoken_by::this_node, spoken_by::another}) {
    auto const book = read_pmodes({exact.data(), exact.size()}, named_file, whose);
    if (book) {
      for (auto const& mode : book->all()) demand(book->by_id(mode.id) != nullptr && !mode.partner.id.empty());
      continue;
    }
    demand(!book.error().empty());
    for (auto const& each : book.error()) demand(each.code.starts_with("edelivery.pmode.") && !each.detail.empty());
  }
  return 0;
}
