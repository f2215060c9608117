#pragma once
// Payload parts between MIME, the header's eb:PayloadInfo and the consumer.
#include <vector>

#include "base/result.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/mime/multipart.hpp"

namespace ehds::edelivery {

// The MIME parts as security takes them: each PartInfo has its part and each part its PartInfo.
// Problems edelivery.payload.{unnamed, missing, unlisted} (EBMS:0011).
result<std::vector<payload_part>> match_payloads(std::vector<part_info> const& listed,
                                                 std::vector<mime_part> const& parts);

// Verified parts as the consumer gets them, in the order of PayloadInfo. Problems edelivery.compression.*
// (EBMS:0303), edelivery.value.unknown_character_set (0001).
result<std::vector<received_part>> unpack_payloads(std::vector<part_info> const& listed,
                                                   std::vector<payload_part> parts, gunzip_limits const& limits);

}  // namespace ehds::edelivery
