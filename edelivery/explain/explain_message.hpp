#pragma once
// A message looked at again, from its MIME parts to its payloads: what `ehds-node as4 open --explain` prints, and what
// a node keeps with a message that it refused. It concludes nothing: the verdict is open_message's or open_signal's.
#include <optional>
#include <string_view>

#include "base/byte_source.hpp"
#include "base/time.hpp"
#include "edelivery/explain/explanation.hpp"
#include "edelivery/message/access_point.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/pmode/pmode_book.hpp"

namespace ehds::edelivery {

struct explaining {
  // For whoever holds the message and our keys anyway; never while a peer waits: parts of a message that is not proven
  // are decrypted too.
  bool opens_unproven = false;
  pmode const* signal_mode = nullptr;  // under which a signal is judged; without it its security is not looked at
  std::uint64_t most_payload_bytes = std::uint64_t{1} << 40;  // parts beyond that are not opened
};

explanation explain_message(std::string_view content_type, byte_source const& body, pmode_book const& book,
                            access_point const& us, instant now, explaining const& how);

// The last step: what the flow itself said.
void conclude(explanation& told, std::string_view code, std::optional<problem> const& diagnosis);

}  // namespace ehds::edelivery
