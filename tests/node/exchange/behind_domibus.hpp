#pragma once
// FR as a whole messaging node whose access point is a scripted Domibus.
#include <memory>

#include "node/exchange/business_message.hpp"
#include "node/exchange/retrieve_worker.hpp"
#include "node/exchange/scripted_domibus.hpp"
#include "node/exchange/two_nodes.hpp"

namespace ehds::tests {

struct behind_domibus {
  manual_clock time{noon()};
  memory_wire wire;
  scripted_domibus domibus;
  exchange::plugin_line line{wire, {scripted_domibus::url, "plugin", "a secret"}};
  test_node fr;
  std::unique_ptr<exchange::retrieve_worker> mail;

  explicit behind_domibus(fault_disk* disk = nullptr, std::vector<edelivery::pmode> modes = {})
      : fr("FR", "EU", wire, time, disk, std::move(modes)) {
    fr.line = &line;
    domibus.time = &time;
    wire.endpoints[scripted_domibus::url] = [this](auto const& request) { return domibus.answer(request); };
    restart();
  }
  void restart() {
    fr.start();
    mail = std::make_unique<exchange::retrieve_worker>(fr->desk, line, exchange::retrieve_settings{});
  }
  // What is due is handed over or asked for; then time passes.
  void send(std::chrono::seconds later = std::chrono::minutes(10)) {
    fr->sender.run_once(time.now());
    time.advance(later);
  }
  std::size_t fetch() {
    time.advance(std::chrono::seconds(5));
    return mail->run_once(time.now());
  }
  exchange::ledger_entry sent() { return fr.ledger({.direction = "out"}).at(0); }
  std::vector<exchange::ledger_attempt> attempts() {
    return fr->db.read([&](store::reading& now) { return exchange::attempts_of(now, sent().seq); });
  }

  // A message of EU as its node would write it, and its bytes.
  static edelivery::user_message from_eu(std::string const& id, std::string const& action = "createDataset") {
    edelivery::user_message header;
    header.timestamp = noon();
    header.message_id = id;
    header.from = {"EU", std::string(edelivery::unregistered_party_type),
                   std::string(edelivery::default_initiator_role)};
    header.to = {"FR", std::string(edelivery::unregistered_party_type), std::string(edelivery::default_responder_role)};
    header.service = exchange::star_service;
    header.service_type = "urn:ehds:service";
    header.action = action;
    header.conversation_id = "conversation of " + id;
    header.properties = {{"originalSender", "EU", ""}, {"finalRecipient", "FR", ""}};
    header.parts = {{"message", {{"MimeType", "application/json", ""}}}};
    return header;
  }
  static std::string json_of(edelivery::user_message const& header,
                             std::string const& content = R"({"identifier":"d1"})") {
    return exchange::write_envelope({"r8", header.action, header.message_id, "", "EU", "EU", content}).value();
  }
  void bring(std::string const& id, std::string const& action = "createDataset") {
    auto const header = from_eu(id, action);
    domibus.bring(header, {json_of(header)});
  }
};

}  // namespace ehds::tests
