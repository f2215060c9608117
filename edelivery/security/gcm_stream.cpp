#include "edelivery/security/gcm_stream.hpp"

#include "base/ids.hpp"
#include "edelivery/security/openssl.hpp"
#include "edelivery/security/primitives.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace ehds::edelivery {

using openssl::bytes;
using openssl::must;

namespace {

constexpr std::size_t largest_step = std::size_t{1} << 20;  // OpenSSL counts in int

// Runs `step(in, size, out)` over the bytes, piece by piece.
template <class Step>
bool in_pieces(std::string_view from, unsigned char* out, Step step) {
  for (std::size_t at = 0; at < from.size(); at += largest_step) {
    auto const part = from.substr(at, largest_step);
    if (!step(bytes(part), static_cast<int>(part.size()), out + at)) return false;
  }
  return true;
}

std::string checked_key(std::string_view key) {
  if (key.size() != content_key_size) throw std::invalid_argument("An AES-128 key has 16 bytes");
  return std::string(key);
}

// A laboratory opens AES-256 besides.
std::string checked_opening_key(std::string_view key) {
  return key.size() == older_content_key_size ? std::string(key) : checked_key(key);
}
// Fetched once: a search at every message costs more than a small part.
EVP_CIPHER const* fetched_aes128_gcm() {
  static EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  must(fetched != nullptr);
  return fetched;
}
EVP_CIPHER const* cipher_for(std::string const& key) {
  return key.size() == older_content_key_size ? EVP_aes_256_gcm() : fetched_aes128_gcm();
}

}  // namespace

struct gcm_sealing::state {
  openssl::owner<EVP_CIPHER_CTX> context = must(EVP_CIPHER_CTX_new());
  std::string iv = random_bytes(gcm_iv_size);
  std::string out;
};

gcm_sealing::gcm_sealing(std::string_view key) : state_(std::make_unique<state>()) {
  auto used = checked_key(key);
  must(EVP_EncryptInit_ex2(state_->context.get(), fetched_aes128_gcm(), bytes(used), bytes(state_->iv), nullptr) == 1);
  OPENSSL_cleanse(used.data(), used.size());
}
gcm_sealing::~gcm_sealing() = default;
gcm_sealing::gcm_sealing(gcm_sealing&&) noexcept = default;
gcm_sealing& gcm_sealing::operator=(gcm_sealing&&) noexcept = default;

std::string_view gcm_sealing::iv() const { return state_->iv; }

std::string_view gcm_sealing::add(std::string_view plain) {
  auto& out = state_->out;
  if (out.size() < plain.size()) out.resize(plain.size());
  must(in_pieces(plain, bytes(out), [&](auto const* from, int size, auto* into) {
    int written = 0;
    return EVP_EncryptUpdate(state_->context.get(), into, &written, from, size) == 1 && written == size;
  }));
  return std::string_view(out).substr(0, plain.size());
}

std::string gcm_sealing::finish() {
  std::string tag(gcm_tag_size, '\0');
  int written = 0;
  must(EVP_EncryptFinal_ex(state_->context.get(), bytes(tag), &written) == 1);
  must(EVP_CIPHER_CTX_ctrl(state_->context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(gcm_tag_size), tag.data()) ==
       1);
  return tag;
}

// The last 16 bytes seen are held back: they are the tag when nothing more comes.
struct gcm_opening::state {
  openssl::owner<EVP_CIPHER_CTX> context = must(EVP_CIPHER_CTX_new());
  std::string key;
  std::string iv;
  std::string held;
  std::string out;
  std::size_t filled = 0;
  bool broken = false;

  ~state() {
    OPENSSL_cleanse(key.data(), key.size());
    OPENSSL_cleanse(out.data(), out.size());
  }

  void decrypt(std::string_view sealed) {
    if (sealed.empty() || broken) return;
    bool const good = in_pieces(sealed, bytes(out) + filled, [&](auto const* from, int size, auto* into) {
      int written = 0;
      return EVP_DecryptUpdate(context.get(), into, &written, from, size) == 1 && written == size;
    });
    broken = !good;
    if (good) filled += sealed.size();
  }

  std::string_view after_iv(std::string_view sealed) {
    auto const missing = std::min(gcm_iv_size - iv.size(), sealed.size());
    if (missing == 0) return sealed;
    iv.append(sealed.substr(0, missing));
    if (iv.size() == gcm_iv_size) {
      broken = EVP_DecryptInit_ex2(context.get(), cipher_for(key), bytes(key), bytes(iv), nullptr) != 1;
    }
    return sealed.substr(missing);
  }
};

gcm_opening::gcm_opening(std::string_view key) : state_(std::make_unique<state>()) {
  state_->key = checked_opening_key(key);
}
gcm_opening::~gcm_opening() = default;
gcm_opening::gcm_opening(gcm_opening&&) noexcept = default;
gcm_opening& gcm_opening::operator=(gcm_opening&&) noexcept = default;

std::string_view gcm_opening::add(std::string_view sealed) {
  auto& at = *state_;
  auto rest = at.after_iv(sealed);
  at.filled = 0;
  if (at.out.size() < rest.size() + gcm_tag_size) at.out.resize(rest.size() + gcm_tag_size);
  auto const known = at.held.size() + rest.size();
  auto const ready = known > gcm_tag_size ? known - gcm_tag_size : 0;
  auto const from_held = std::min(ready, at.held.size());
  at.decrypt(std::string_view(at.held).substr(0, from_held));
  at.held.erase(0, from_held);
  at.decrypt(rest.substr(0, ready - from_held));
  at.held.append(rest.substr(ready - from_held));
  return std::string_view(at.out).substr(0, at.filled);
}

bool gcm_opening::finish() {
  auto& at = *state_;
  int written = 0;
  bool const good = !at.broken && at.held.size() == gcm_tag_size &&
                    EVP_CIPHER_CTX_ctrl(at.context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(gcm_tag_size),
                                        at.held.data()) == 1 &&
                    EVP_DecryptFinal_ex(at.context.get(), bytes(at.held), &written) == 1;
  ERR_clear_error();
  return good;
}

std::string aes128_gcm_seal(std::string_view key, std::string_view plain) {
  gcm_sealing sealing(key);
  std::string sealed;
  sealed.reserve(gcm_iv_size + plain.size() + gcm_tag_size);
  sealed.append(sealing.iv());
  constexpr std::size_t cached = 64 * 1024;  // small enough to be copied while it is in the cache
  for (std::size_t at = 0; at < plain.size(); at += cached) sealed.append(sealing.add(plain.substr(at, cached)));
  return sealed.append(sealing.finish());
}

std::optional<std::string> aes128_gcm_open(std::string_view key, std::string_view sealed) {
  if (key.size() != content_key_size) return std::nullopt;
  gcm_opening opening(key);
  std::string plain(opening.add(sealed));
  if (opening.finish()) return plain;
  OPENSSL_cleanse(plain.data(), plain.size());
  return std::nullopt;
}

}  // namespace ehds::edelivery
