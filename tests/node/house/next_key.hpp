#pragma once
// The next signing key of FR and its certificate by the rehearsal's authority, as `keys import` leaves them.
#include <catch2/catch.hpp>

#include <filesystem>

#include "base/clock.hpp"
#include "edelivery/security/issue.hpp"
#include "node/house/one_house.hpp"
#include "node/identity/private_file.hpp"

namespace ehds::tests {

inline void bring_next_signing_key(std::filesystem::path const& keys, std::string const& name = "FR sign") {
  auto const ca = keys_of("FR").parent_path() / "ca";
  auto const authority = edelivery::load_credentials(ca / "ca.pem", ca / "ca.key").value();
  edelivery::certificate_request request;
  request.common_name = name;
  request.country = "FR";
  request.not_before = system_clock{}.now() - std::chrono::hours{1};
  auto const made = edelivery::issue_certificate(request, &authority).value();
  REQUIRE(node::identity::write_private_file(keys / "sign.next.pem", made.cert.pem()));
  REQUIRE(node::identity::write_private_file(keys / "sign.next.key", made.key.pem()));
}

}  // namespace ehds::tests
