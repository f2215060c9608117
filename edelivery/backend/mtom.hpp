#pragma once
// Envelopes with their payloads beside them (MTOM 1.0, XOP 1.0): one MIME body, in which the bytes of the payloads
// stand as they are. Internal to backend.
#include <string>
#include <string_view>
#include <vector>

#include "edelivery/backend/wsplugin.hpp"

namespace ehds::edelivery::backend {

inline constexpr std::string_view mtom_root_id = "envelope@root";

// The element of a payload whose bytes are in the MIME part of that Content-ID.
std::string included_payload(part_info const& part, std::string_view content_id);

// The MIME texts around the parts of these Content-IDs: one more than there are parts.
mtom_texts in_mime(std::string_view soap, std::vector<std::string> const& content_ids);

// The property MimeType, or what Domibus takes where none is said.
std::string media_type_of(part_info const& part);

}  // namespace ehds::edelivery::backend
