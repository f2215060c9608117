#include "edelivery/pmode/certificate_ends.hpp"

#include <catch2/catch.hpp>

#include "edelivery/messaging/two_nodes.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

certificate beginning(char const* day) {
  return issued("eu", certificate_use::signing_and_encryption, &authority(),
                parse_rfc3339(std::string{day} + "T00:00:00Z").value())
      .cert;
}

}  // namespace

TEST_CASE("an agreement ends with the last certificate its partner may sign with, and with the one we encrypt for") {
  auto const before = beginning("2024-06-01");
  auto const after = beginning("2026-06-01");
  auto mode = make_pmode("FR", "EU", eu_keys());
  mode.trust.pinned = {after, before};
  mode.partner_encryption = {before};

  auto const ends = certificate_ends(pmode_book{{mode}});

  REQUIRE(ends.size() == 2);
  CHECK(ends[0] == certificate_end{mode.id, "EU", "encryption", before.subject(), before.not_after()});
  CHECK(ends[1] == certificate_end{mode.id, "EU", "signing", after.subject(), after.not_after()});
}

TEST_CASE("an agreement that we only receive under does not end with the certificate that nobody encrypts for") {
  auto mode = make_pmode("FR", "EU", eu_keys());
  mode.way = direction::receive;
  auto const ends = certificate_ends(pmode_book{{mode}});
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].what == "signing");
}

TEST_CASE("ends of several P-Modes come soonest first; what only an authority vouches for has no known end") {
  auto soon = make_pmode("FR", "DK", eu_keys());
  soon.trust.pinned = {beginning("2024-01-01")};
  soon.partner_encryption.clear();
  auto late = make_pmode("FR", "FI", eu_keys());
  late.trust = {{}, {authority().cert}, "CN=fi"};
  late.partner_encryption = {beginning("2025-01-01")};

  auto const ends = certificate_ends(pmode_book{{late, soon}});

  REQUIRE(ends.size() == 2);
  CHECK(ends[0].partner == "DK");
  CHECK(ends[1].partner == "FI");
  CHECK(ends[1].what == "encryption");
  CHECK(certificate_ends(pmode_book{}).empty());
}
