#pragma once
// Content-Transfer-Encoding (RFC 2045 section 6): AS4 sends binary; base64 and quoted-printable are
// understood when they come.
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::edelivery {

enum class transfer_encoding { identity, base64, quoted_printable };

// "", "7bit", "8bit" and "binary" are identity. Problem: edelivery.mime.transfer_encoding.
result<transfer_encoding> parse_transfer_encoding(std::string_view text);

// Not for identity, whose bytes are the content. Problem: edelivery.mime.transfer_encoding.
result<std::string> decode_transfer(transfer_encoding how, std::string_view bytes);

}  // namespace ehds::edelivery
