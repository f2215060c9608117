#pragma once
// Payload parts between MIME, the header's eb:PayloadInfo and the consumer.
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/message/part_shelf.hpp"
#include "edelivery/mime/multipart.hpp"
#include "edelivery/security/part_streams.hpp"

namespace ehds::edelivery {

// XML 1.0 4.3.3, which AS4 3.1 names for CharacterSet.
bool is_encoding_name(std::string_view name);

// The MIME parts as security takes them: each PartInfo has its part and each part its PartInfo.
// Problems edelivery.payload.{unnamed, missing, unlisted} (EBMS:0011).
result<std::vector<announced_part>> match_payloads(std::vector<part_info> const& listed,
                                                   std::vector<laid_out_part> const& parts);

// Opens the parts of a message whose signature is good, in one pass each: decrypted, digested, unpacked; in the order
// of PayloadInfo. Without a shelf all are held in memory. Problems edelivery.decryption.failed,
// edelivery.authentication.digest, edelivery.compression.* (EBMS:0303), edelivery.value.unknown_character_set (0001),
// edelivery.storage.* (0202).
struct sealed_parts {
  byte_source const& body;
  std::vector<laid_out_part> const& parts;
  std::vector<part_terms> const& terms;  // of the same parts in the same order
};
result<std::vector<received_part>> open_payloads(std::vector<part_info> const& listed, sealed_parts const& sealed,
                                                 gunzip_limits const& limits, part_shelf* shelf);

}  // namespace ehds::edelivery
