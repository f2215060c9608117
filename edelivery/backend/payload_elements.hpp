#pragma once
// What both directions of the plug-in's language write about payloads. Internal to backend.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "edelivery/backend/lift_base64.hpp"
#include "edelivery/backend/wsplugin.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery::backend {

inline constexpr std::size_t most_payloads = 128;

inline constexpr std::string_view name_of_part = "give each payload a payloadId that is the href of one PartInfo";
problem bad_payload(std::string detail, std::string where, std::string_view mend = name_of_part);

std::string without_scheme(std::string_view id);  // "cid:"

// Takes MimeType and CharacterSet out of the properties, and leaves out what is the access point's own affair.
void sort_properties(std::vector<message_property> properties, described_payload& into);

// What the href of an xop:Include in a value names, as it stands there; empty when there is none. Problem
// edelivery.backend.payload.
result<std::optional<std::string>> included_part(xml::node value);

// What a payload's value element holds, or names; `payload` is the path of the element around it. Problem
// edelivery.backend.payload.
result<void> read_value(xml::node value, std::string const& payload, lifted_text const& lifted, carried_payload& into);

}  // namespace ehds::edelivery::backend
