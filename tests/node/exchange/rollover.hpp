#pragma once
// EU rolls its certificate over towards France, both as whole messaging nodes.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "node/exchange/certificate_updates.hpp"
#include "node/exchange/two_nodes.hpp"

namespace ehds::tests {

using namespace std::chrono_literals;
using exchange::announcement;
using exchange::certificate_updates;

inline edelivery::credentials made(std::string const& name) {
  return edelivery::tests::issued(name, edelivery::certificate_use::signing_and_encryption,
                                  &edelivery::tests::authority(), noon() - 24h);
}
inline edelivery::credentials const& next_of_eu() {
  static auto const one = made("EU");
  return one;
}

inline std::vector<edelivery::pmode> modes(std::string const& us, std::string const& partner,
                                           std::function<void(edelivery::pmode&)> const& change) {
  std::vector<edelivery::pmode> all;
  for (auto const service : {exchange::star_service, edelivery::certificate_update_service}) {
    all.push_back(pmode_between(us, partner, std::string(service)));
    all.back().service_type.clear();
    change(all.back());
  }
  return all;
}

// EU has a new certificate, and France is to know.
struct rollover {
  manual_clock time{noon()};
  memory_wire wire;
  test_node fr;
  test_node eu;
  certificate_updates of_fr;
  certificate_updates of_eu;

  explicit rollover(
      std::function<void(edelivery::pmode&)> const& change_fr = [](auto&) {},
      std::function<void(edelivery::pmode&)> const& change_eu = [](auto&) {})
      : rollover(modes("FR", "EU", change_fr), modes("EU", "FR", change_eu)) {}
  rollover(std::vector<edelivery::pmode> at_fr, std::vector<edelivery::pmode> at_eu)
      : fr("FR", "EU", wire, time, nullptr, std::move(at_fr)),
        eu("EU", "FR", wire, time, nullptr, std::move(at_eu)),
        of_fr(fr->desk),
        of_eu(eu->desk) {}

  announcement about(edelivery::certificate const& next) const {
    return {"FR", {{keys_of("EU").cert, {next}}}, noon() + 7 * 24h, noon() + 14 * 24h};
  }
  // EU was started with it: it opens what is encrypted for it.
  void hold(edelivery::credentials const& next) {
    auto& held = eu.point().decryption;
    if (std::ranges::none_of(held, [&](auto const& each) { return each.cert == next.cert; })) held.push_back(next);
  }
  void announce(edelivery::credentials const& next) {
    hold(next);
    REQUIRE(of_eu.announce(about(next.cert), "olga"));
    deliver();
  }
  void deliver() {
    for (int n = 0; n < 3; ++n) {
      fr->sender.run_once(time.now());
      eu->sender.run_once(time.now());
      time.advance(1min);
    }
  }
  // A document of EU's to France, whatever it says.
  void send(std::string_view action, std::string xml) {
    auto const done = eu->db.commit([&](store::transaction& tx) -> result<void> {
      auto const id = exchange::post_document(tx, eu->desk, {"FR", action, xml, ""});
      return id ? result<void>{} : id.error();
    });
    REQUIRE(done);
    deliver();
  }
  std::string newest_at_fr() {
    auto const entries = fr.ledger();
    return entries.empty() ? "" : entries.front().status;
  }
};

inline std::string status_of(certificate_updates const& updates) {
  auto const all = updates.all();
  return all.empty() ? "none" : all.front().row.status;
}

inline edelivery::pmode const& star_of(test_node& node) { return node->desk.book().all().front(); }

inline std::string signing(test_node& node, edelivery::certificate const& signer, instant now) {
  auto const checked = check_signer(signer, {}, star_of(node).trust, now);
  return checked ? "" : checked.error().code;
}

inline void trust_authority(edelivery::pmode& mode) {
  mode.trust.pinned.clear();
  mode.trust.authorities = {edelivery::tests::authority().cert};
  mode.trust.subject = "CN=EU,O=Tests,C=EU";
  mode.accepts_updates_of_authority = true;
}

}  // namespace ehds::tests
