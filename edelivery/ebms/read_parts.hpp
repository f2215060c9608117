#pragma once
// The pieces that read_messaging puts together.
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "edelivery/ebms/element_sequence.hpp"
#include "edelivery/ebms/signals.hpp"
#include "edelivery/ebms/user_message.hpp"

namespace ehds::edelivery {

struct message_identity {
  instant timestamp;
  std::string message_id;
  std::string ref_to_message_id;
};

// eb:MessageInfo, which user messages and signals share.
result<void> read_message_info(element_sequence& in, message_identity& into);

// eb:MessageProperties and eb:PartProperties.
result<void> read_properties(element_sequence& in, std::string_view list, std::vector<message_property>& into);

result<void> read_payload_info(element_sequence& in, std::vector<part_info>& into);

using signal_content = std::variant<receipt, error_signal, pull_request>;
result<signal_content> read_signal(xml::node element);

}  // namespace ehds::edelivery
