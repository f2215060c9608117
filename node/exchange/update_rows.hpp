#pragma once
// The rows behind certificate updates, and the messages they travel in, written inside effects. Internal to the room.
//
//   exchange_certificate_update  one row for each update a partner announced, or we did: the document, where it stands
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edelivery/certificate_update/agreement_update.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

class dispatcher;

store::migration certificate_update_tables();

// `status` of a partner's: pending, accepted, rejected; of ours: announced, confirmed, refused.
struct update_row {
  std::int64_t number = 0;
  bool is_incoming = false;
  std::string party_id;
  std::string nation_id;
  std::string message_id;
  std::string conversation_id;
  std::string update_id;  // au:ID
  std::string document;   // XML
  std::string signer;     // PEM; whose signature it came under, or ours
  std::string status;
  instant at;
  std::optional<instant> decided_at{};
  std::string decided_by{};
  std::string code{};
  std::string reason{};
};

std::int64_t add_update(store::transaction& tx, update_row const& row);
void change_update(store::transaction& tx, update_row const& row);  // where it stands
std::optional<update_row> find_update(store::reading& now, std::int64_t number);
std::optional<update_row> find_update(store::reading& now, bool is_incoming, std::string_view party_id,
                                      std::string_view update_id);
// Newest first; of one status, or all: then what waits for the operator comes before the rest.
std::vector<update_row> list_updates(store::reading& now, std::string_view status, std::size_t count);

std::size_t count_waiting(store::reading& now, std::string_view party_id);  // pending ones of this partner

// What the document says; it was read before it was kept.
edelivery::agreement_update_request request_in(update_row const& row);

// For the operator: the first of them, and how many more.
std::string in_words(std::vector<edelivery::update_error> const& errors);
problem update_problem(std::string_view what, std::string detail, std::string where, std::string mend);

// Into the outbox, under the P-Mode for this action, of several the one whose agreement is called so now: the message
// names the agreement that its document is about. Returns the message id. Problems exchange.partner.unknown,
// edelivery.pmode.none.
struct outgoing_document {
  std::string party_id;
  std::string_view action;
  std::string xml;
  std::string subject;
  std::string original_message_id{};
  std::string conversation_id{};
  std::string agreement{};
};
result<std::string> post_document(store::transaction& tx, dispatcher const& from, outgoing_document const& document);

}  // namespace ehds::node::exchange
