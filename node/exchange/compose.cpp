#include "node/exchange/compose.hpp"

#include "edelivery/certificate_update/agreement_update.hpp"

namespace ehds::node::exchange {

edelivery::outgoing_message compose(outbox_row const& row, ledger_row const& entry, std::string envelope,
                                    std::string attachments, byte_source const* large_attachments,
                                    edelivery::pmode const& mode, exchange_settings const& settings) {
  edelivery::outgoing_message out;
  out.action = entry.action;
  out.message_id = row.sending.message_id;
  out.conversation_id = entry.conversation_id;
  out.ref_to_message_id = entry.original_message_id;
  auto const corners = mode.four_corners.value_or(edelivery::corner_names{settings.our_party, row.party_id});
  out.properties = {{"originalSender", corners.ours, ""}, {"finalRecipient", corners.theirs, ""}};
  // Only on demand: it says no more than the conversation does.
  for (auto const& name : mode.required_properties)
    if (name == "trackingIdentifier") out.properties.push_back({name, entry.conversation_id, ""});
  bool const is_document = entry.service == edelivery::certificate_update_service;
  auto const* const type = is_document ? "application/xml" : "application/json";
  out.payloads.push_back({type, std::move(envelope), "utf-8", {}, nullptr});
  if (!attachments.empty() || large_attachments != nullptr)
    out.payloads.push_back({"application/zip", std::move(attachments), "", {}, large_attachments});
  return out;
}

edelivery::outgoing_message compose(outbox_row const& row, ledger_row const& entry, loaded_parts& parts) {
  edelivery::outgoing_message out;
  out.action = entry.action;
  out.message_id = row.sending.message_id;
  out.conversation_id = entry.conversation_id;
  out.ref_to_message_id = entry.original_message_id;
  out.properties = parts.properties;
  out.payloads = std::move(parts.payloads);
  return out;
}

}  // namespace ehds::node::exchange
