#pragma once
// Bytes and their usual texts. Byte strings are std::string throughout (views: std::string_view):
// they go to files, sockets, SQLite and OpenSSL without copies or casts.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds {

std::string to_hex(std::string_view bytes);  // lower case
result<std::string> from_hex(std::string_view text);
std::optional<unsigned> hex_value(char digit);  // 0 to 15, of either case

std::string to_base64(std::string_view bytes);     // RFC 4648 4, padded, one line
std::string to_base64url(std::string_view bytes);  // RFC 4648 5, no padding (JOSE)
// Blanks and line breaks are skipped, as XML Schema allows; anything else that is not base64 is refused.
result<std::string> from_base64(std::string_view text);
result<std::string> from_base64url(std::string_view text);

std::string sha256(std::string_view bytes);  // 32 raw bytes
std::string sha256_hex(std::string_view bytes);

std::string hmac_sha256(std::string_view key, std::string_view bytes);  // RFC 2104; 32 raw bytes

// SHA-256 of a stream. finish() may be called once.
class sha256_stream {
 public:
  sha256_stream();
  ~sha256_stream();
  sha256_stream(sha256_stream&&) noexcept;
  sha256_stream& operator=(sha256_stream&&) noexcept;
  void add(std::string_view bytes);
  std::string finish();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// Takes the same time wherever the first difference is.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// Is this well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms)?
bool is_utf8(std::string_view text);

}  // namespace ehds
