#pragma once
// Two partners who know each other: FR and EU, each with its keys and its side of one P-Mode.
#include <string>

#include "edelivery/keys.hpp"
#include "edelivery/message/access_point.hpp"
#include "edelivery/message/pack.hpp"
#include "edelivery/pmode/pmode_book.hpp"

namespace ehds::edelivery::tests {

struct partner {
  access_point point;
  pmode_book book;

  pmode const& mode() const { return book.all().front(); }
};

inline pmode make_pmode(std::string us, std::string partner, credentials const& partner_keys) {
  pmode mode;
  mode.id = "secondary-use-" + partner;
  mode.agreement = "urn:example:agreement:1";
  mode.service = "urn:healthdata-eu:secondary-use";
  mode.service_type = "urn:ehds:service";
  mode.actions = {"createDataset", "validationResult"};
  mode.us.id = std::move(us);
  mode.partner.id = std::move(partner);
  mode.address = "https://" + mode.partner.id + ".example/as4";
  mode.trust.pinned = {partner_keys.cert};
  mode.partner_encryption = {partner_keys.cert};
  return mode;
}

inline credentials const& fr_keys() {
  static credentials const made = issued("fr", certificate_use::signing_and_encryption, &authority());
  return made;
}
inline credentials const& eu_keys() {
  static credentials const made = issued("eu", certificate_use::signing_and_encryption, &authority());
  return made;
}

inline partner fr() {
  return {{fr_keys(), {fr_keys()}, "as4.fr.example"}, pmode_book{{make_pmode("FR", "EU", eu_keys())}}};
}
inline partner eu() {
  return {{eu_keys(), {eu_keys()}, "as4.eu.example"}, pmode_book{{make_pmode("EU", "FR", fr_keys())}}};
}

inline outgoing_message two_payloads() {
  outgoing_message message;
  message.action = "createDataset";
  message.properties = {{"originalSender", "holder", "urn:x"}, {"finalRecipient", "platform", ""}};
  message.payloads = {{"application/json", R"({"operation":"createDataset"})", "utf-8"},
                      {"application/zip", std::string{"PK\0\r\n\xff", 6}}};
  return message;
}

// A message of FR on its way to EU.
struct delivery {
  partner sender = tests::fr();
  partner home = tests::eu();
  packed_message packed = pack(two_payloads(), sender.mode(), sender.point, noon()).value();
  wire_message wire = seal(packed, sender.mode(), noon()).value();
};

}  // namespace ehds::edelivery::tests
