#pragma once
// The bytes behind an entry of the ledger as texts, for tests that compare them.
#include <string>

#include "node/exchange/ledger.hpp"

namespace ehds::tests {

struct kept_texts {
  std::string envelope;
  std::string attachments;
  std::string raw;
  std::string raw_type;
  std::string receipt;
  std::string receipt_type;
  bool is_forgotten = false;
};

// Empty: there are none.
inline result<std::string> text_of(byte_source const* bytes) {
  string_sink whole;
  if (bytes == nullptr) return whole.text;
  auto const read = each_piece(*bytes, [&](std::string_view piece) { return whole.add(piece); });
  if (!read) return read.error();
  return std::move(whole.text);
}

// As exchange::bytes_of.
inline result<kept_texts> texts_of(node::store::reading& now, node::store::payload_store const& payloads,
                                   std::int64_t seq) {
  auto const kept = node::exchange::bytes_of(now, payloads, seq);
  if (!kept) return kept.error();
  auto const envelope = text_of(kept->envelope.get());
  auto const attachments = text_of(kept->attachments.get());
  auto const raw = text_of(kept->raw.get());
  for (auto const* const one : {&envelope, &attachments, &raw})
    if (!*one) return one->error();
  return kept_texts{*envelope,          *attachments,      *raw, kept->raw_type, kept->receipt,
                    kept->receipt_type, kept->is_forgotten};
}

}  // namespace ehds::tests
