#include "policies/person_set.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace ehds::policies {

person_set::person_set(std::vector<token> tokens) : tokens_(std::move(tokens)) {
  std::ranges::sort(tokens_);
  tokens_.erase(std::unique(tokens_.begin(), tokens_.end()), tokens_.end());
}

void person_set::join(person_set const& other) {
  std::vector<token> joined;
  joined.reserve(tokens_.size() + other.tokens_.size());
  std::ranges::set_union(tokens_, other.tokens_, std::back_inserter(joined));
  tokens_ = std::move(joined);
}

std::size_t common_persons(person_set const& a, person_set const& b) {
  std::size_t common = 0;
  auto x = a.tokens().begin();
  auto y = b.tokens().begin();
  while (x != a.tokens().end() && y != b.tokens().end()) {
    if (*x == *y) ++common;
    bool const step_x = *x <= *y;
    bool const step_y = *y <= *x;
    if (step_x) ++x;
    if (step_y) ++y;
  }
  return common;
}

std::size_t different_persons(person_set const& a, person_set const& b) {
  return a.size() + b.size() - 2 * common_persons(a, b);
}

person_tokens::person_tokens(std::string secret) : secret_(std::move(secret)) {
  if (secret_.size() < 16) throw std::invalid_argument("The secret of person tokens has less than 16 bytes.");
}

person_set::token person_tokens::of(std::string_view person_key) const {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  auto const* const bytes = static_cast<unsigned char const*>(static_cast<void const*>(person_key.data()));
  if (HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), bytes, person_key.size(), mac, &size) ==
          nullptr ||
      size < 8)
    throw std::runtime_error("HMAC-SHA-256 failed.");
  person_set::token token = 0;
  for (int i = 0; i < 8; ++i) token = token << 8U | mac[i];
  return token;
}

}  // namespace ehds::policies
