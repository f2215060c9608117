#include "edelivery/security/part_streams.hpp"

#include "base/bytes.hpp"
#include "edelivery/security/gcm_stream.hpp"
#include "edelivery/security/verify.hpp"

#include <openssl/crypto.h>

namespace ehds::edelivery {

namespace {

constexpr std::size_t most_opened_at_once = 64 * 1024;

problem changed(std::string_view content_id) {
  return {"edelivery.authentication.digest", "A payload part was changed after signing",
          "cid:" + std::string(content_id.substr(0, 256)), ""};
}

}  // namespace

struct part_opening::state {
  explicit state(part_terms const& terms)
      : content_id(terms.content_id),
        expected(terms.digest),
        is_key_ours(terms.is_key_ours),
        failure(decryption_failed(terms)),
        digest(terms.mime_type) {
    if (!terms.key.empty()) cipher.emplace(terms.key);
  }
  std::string content_id;
  std::string expected;
  bool is_key_ours;
  problem failure;
  attachment_digest_stream digest;
  std::optional<gcm_opening> cipher;
};

part_opening::part_opening(part_terms const& terms) : state_(std::make_unique<state>(terms)) {}
part_opening::~part_opening() = default;
part_opening::part_opening(part_opening&&) noexcept = default;
part_opening& part_opening::operator=(part_opening&&) noexcept = default;

std::string_view part_opening::add(std::string_view sealed) {
  auto const plain = state_->cipher ? state_->cipher->add(sealed) : sealed;
  state_->digest.add(plain);
  return plain;
}

result<void> part_opening::finish() {
  if (state_->cipher && (!state_->cipher->finish() || !state_->is_key_ours)) return state_->failure;
  auto const digest = state_->digest.finish();
  if (!digest) return digest.error();
  if (!equal_in_constant_time(*digest, state_->expected)) return changed(state_->content_id);
  return {};
}

struct part_sealing::state {
  gcm_sealing cipher;
};

part_sealing::part_sealing(std::string_view content_key)
    : state_(std::make_unique<state>(state{gcm_sealing(content_key)})) {}
part_sealing::~part_sealing() = default;
part_sealing::part_sealing(part_sealing&&) noexcept = default;
part_sealing& part_sealing::operator=(part_sealing&&) noexcept = default;

std::string_view part_sealing::start() { return state_->cipher.iv(); }
std::string_view part_sealing::add(std::string_view plain) { return state_->cipher.add(plain); }
std::string part_sealing::finish() { return state_->cipher.finish(); }

result<verified_message> verify(parsed_envelope const& envelope, std::vector<announced_part> const& parts,
                                opening const& terms, bool& is_proven) {
  auto const header = read_security_header(envelope);
  if (!header) return header.error();
  auto verified = verify_signature(envelope, *header, parts, terms);
  if (!verified) return std::move(verified).error();
  is_proven = true;
  auto opened = terms_of_parts(envelope, *header, parts, terms);
  if (!opened) return std::move(opened).error();
  for (auto& awaited : verified->parts) (*opened)[awaited.index].digest = std::move(awaited.digest);
  auto references = references_of(header->signature, verified->signed_info);
  if (!references) return std::move(references).error();
  return verified_message{std::move(verified->signer), *std::move(references), *std::move(opened)};
}

// All parts in memory: the same two halves.
result<opened_message> verify_and_decrypt(parsed_envelope const& envelope, std::vector<payload_part> parts,
                                          opening const& terms) {
  std::vector<announced_part> announced;
  for (auto const& part : parts) announced.push_back({part.content_id, part.mime_type});
  bool is_proven = false;
  auto verified = verify(envelope, announced, terms, is_proven);
  if (!verified) return std::move(verified).error();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto const& how = verified->parts[i];
    part_opening one(how);
    // What is plain takes the place of what was sealed: it never runs ahead of it.
    auto& body = parts[i].body;
    std::size_t size = 0;
    for (std::size_t at = 0; at < body.size(); at += most_opened_at_once) {
      auto const plain = one.add(std::string_view(body).substr(at, most_opened_at_once));
      if (plain.data() != body.data() + size) plain.copy(body.data() + size, plain.size());
      size += plain.size();
    }
    if (auto good = one.finish(); !good) {
      OPENSSL_cleanse(body.data(), body.size());
      return std::move(good).error();
    }
    body.resize(size);
    parts[i].mime_type = how.mime_type;
  }
  return opened_message{std::move(verified->signer), std::move(verified->references), std::move(parts)};
}

}  // namespace ehds::edelivery
