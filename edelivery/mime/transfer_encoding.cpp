#include "edelivery/mime/transfer_encoding.hpp"

#include <cstddef>
#include <utility>

#include "base/bytes.hpp"
#include "edelivery/mime/text.hpp"

namespace ehds::edelivery {

namespace {

problem undecodable(std::string detail) {
  return {"edelivery.mime.transfer_encoding", std::move(detail), "Content-Transfer-Encoding",
          "send the part as binary"};
}

// Length of a soft line break ("=" was just read), 0 when there is none. Blanks may stand before the line end.
std::size_t soft_break(std::string_view rest) {
  std::size_t at = 0;
  while (at < rest.size() && (rest[at] == ' ' || rest[at] == '\t')) ++at;
  if (at < rest.size() && rest[at] == '\r') ++at;
  return at < rest.size() && rest[at] == '\n' ? at + 1 : 0;
}

result<std::string> decode_quoted_printable(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    char const c = bytes[at++];
    if (c != '=') {
      out += c;
      continue;
    }
    if (auto const skip = soft_break(bytes.substr(at)); skip > 0) {
      at += skip;
      continue;
    }
    if (at + 2 > bytes.size()) return undecodable("quoted-printable text ends inside an escape");
    auto const high = hex_value(bytes[at]);
    auto const low = hex_value(bytes[at + 1]);
    if (!high || !low) return undecodable("quoted-printable text holds an escape that is not two hex digits");
    out += static_cast<char>(*high * 16 + *low);
    at += 2;
  }
  return out;
}

}  // namespace

result<transfer_encoding> parse_transfer_encoding(std::string_view text) {
  auto const name = lower(trimmed(text));
  if (name.empty() || name == "binary" || name == "8bit" || name == "7bit") return transfer_encoding::identity;
  if (name == "base64") return transfer_encoding::base64;
  if (name == "quoted-printable") return transfer_encoding::quoted_printable;
  return undecodable("the transfer encoding of a part is none of binary, 8bit, 7bit, base64, quoted-printable");
}

result<std::string> decode_transfer(transfer_encoding how, std::string_view bytes) {
  if (how == transfer_encoding::quoted_printable) return decode_quoted_printable(bytes);
  auto decoded = from_base64(bytes);
  if (!decoded) return undecodable("a part said to be base64 is not");
  return decoded;
}

}  // namespace ehds::edelivery
