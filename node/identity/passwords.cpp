#include "node/identity/passwords.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/numbers.hpp"

namespace ehds::node::identity {

namespace {

constexpr std::size_t hash_size = 32;
constexpr std::size_t salt_size = 16;

// RFC 7914 2: memory is 128 * n * r bytes.
struct scrypt_cost {
  std::uint64_t n = 32'768;
  std::uint64_t r = 8;
  std::uint64_t p = 1;
};

// What a stored hash may ask of us; more is not ours.
bool affordable(scrypt_cost const& c) {
  return c.n >= 2 && c.n <= 1'048'576 && (c.n & (c.n - 1)) == 0 && c.r >= 1 && c.r <= 16 && c.p >= 1 && c.p <= 4;
}

std::string scrypt(std::string_view password, std::string_view salt, scrypt_cost cost) {
  std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> const kdf(EVP_KDF_fetch(nullptr, "SCRYPT", nullptr), EVP_KDF_free);
  std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> const context(EVP_KDF_CTX_new(kdf.get()), EVP_KDF_CTX_free);
  std::string secret{password}, grain{salt};
  std::uint64_t memory = 2 * 128 * cost.n * cost.r + 1024 * 1024;
  OSSL_PARAM const parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, secret.data(), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, grain.data(), grain.size()),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &cost.n),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_R, &cost.r),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_P, &cost.p),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
      OSSL_PARAM_construct_end(),
  };
  std::string hash(hash_size, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(hash.data());
  auto const done = context ? EVP_KDF_derive(context.get(), out, hash.size(), parameters) : 0;
  OPENSSL_cleanse(secret.data(), secret.size());
  if (done != 1) throw std::runtime_error("scrypt failed");
  return hash;
}

struct stored_hash {
  scrypt_cost cost;
  std::string salt;
  std::string hash;
};

// The text between two marks, which is then taken away.
std::optional<std::string_view> between(std::string_view& rest, std::string_view before, std::string_view after) {
  if (!rest.starts_with(before)) return std::nullopt;
  rest.remove_prefix(before.size());
  auto const end = after.empty() ? rest.size() : rest.find(after);
  if (end == std::string_view::npos) return std::nullopt;
  auto const found = rest.substr(0, end);
  rest.remove_prefix(end);
  return found;
}

std::optional<stored_hash> read_stored(std::string_view text) {
  auto const n = between(text, "$scrypt$n=", ",");
  auto const r = n ? between(text, ",r=", ",") : std::nullopt;
  auto const p = r ? between(text, ",p=", "$") : std::nullopt;
  auto const salt = p ? between(text, "$", "$") : std::nullopt;
  auto const hash = salt ? between(text, "$", "") : std::nullopt;
  if (!hash) return std::nullopt;
  auto const cost_n = parse_number<std::uint64_t>(*n);
  auto const cost_r = parse_number<std::uint64_t>(*r);
  auto const cost_p = parse_number<std::uint64_t>(*p);
  auto salt_bytes = from_base64url(*salt);
  auto hash_bytes = from_base64url(*hash);
  if (!cost_n || !cost_r || !cost_p || !salt_bytes || !hash_bytes || hash_bytes->size() != hash_size)
    return std::nullopt;
  stored_hash found{{*cost_n, *cost_r, *cost_p}, *std::move(salt_bytes), *std::move(hash_bytes)};
  if (!affordable(found.cost)) return std::nullopt;
  return found;
}

problem unfit(char const* why) {
  return {"identity.password", why, "password", "Choose a longer phrase of several words."};
}

}  // namespace

std::string hash_password(std::string_view password) {
  scrypt_cost const cost;
  auto const salt = random_bytes(salt_size);
  return "$scrypt$n=" + std::to_string(cost.n) + ",r=" + std::to_string(cost.r) + ",p=" + std::to_string(cost.p) + "$" +
         to_base64url(salt) + "$" + to_base64url(scrypt(password, salt, cost));
}

bool password_matches(std::string_view password, std::string_view stored) {
  auto const read = read_stored(stored);
  if (!read) return false;
  return equal_in_constant_time(scrypt(password, read->salt, read->cost), read->hash);
}

bool password_of_nobody(std::string_view password) {
  static std::string const nobodys = hash_password(random_bytes(32));
  return password_matches(password, nobodys) && false;
}

result<void> acceptable_password(std::string_view password, std::string_view account_id) {
  if (!is_utf8(password)) return unfit("The password is not text.");
  auto const starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  std::size_t characters = 0;
  for (char const c : password) characters += starts_character(c) ? 1 : 0;
  if (characters < 12) return unfit("The password has fewer than 12 characters.");
  if (password.size() > 256) return unfit("The password is longer than 256 bytes.");
  if (password == account_id) return unfit("The password is the name of the account.");
  return {};
}

}  // namespace ehds::node::identity
