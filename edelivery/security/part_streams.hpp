#pragma once
// Payload parts of any size in one pass with fixed buffers: the same steps as secure_message.hpp, for an owner who
// reads and writes the bytes himself. Receiving:
//
//   bool is_proven = false;
//   auto const verified = verify(*envelope, announced, {profile, trust, {our_key}, now}, is_proven);
//   part_opening one(verified->parts[0]);                          // no part was looked at yet
//   for (each piece of that part) sink.write(one.add(piece));      // to be believed by nobody
//   if (auto good = one.finish(); !good) return remove(sink), good.error();  // tag and digest
//
// Sending: digest each part with attachment_digest_stream, sign_digested() once, encrypt_envelope() for each attempt
// and then gcm: part_sealing one(sealed->content_key); one.start(), one.add(piece) ..., one.finish().
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edelivery/security/attachment.hpp"
#include "edelivery/security/secure_message.hpp"

namespace ehds::edelivery {

// A part as MIME names it.
struct announced_part {
  std::string content_id;
  std::string mime_type;
};

// How one part is to be opened, as the verified signature says. Only verify() makes it.
struct part_terms {
  std::string content_id;
  std::string mime_type;        // as signed: it decides which octets are digested
  std::string digest;           // raw bytes
  std::string key;              // of AES-GCM; empty when the part is not encrypted. A secret.
  std::string encrypted_for{};  // our certificate, for diagnoses
  bool is_key_ours = true;      // false: it could not be unwrapped, and `key` is random. For diagnoses alone
};

struct verified_message {
  certificate signer;
  std::vector<signed_reference> references;
  std::vector<part_terms> parts;  // in the order announced
};

// The first half of verify_and_decrypt, with the same problems: everything that can be said without the parts' bytes.
// `is_proven` becomes true once the SOAP part is known to be the partner's, whatever is found wrong after that.
result<verified_message> verify(parsed_envelope const& envelope, std::vector<announced_part> const& parts,
                                opening const& terms, bool& is_proven);

// The second half, for one part.
class part_opening {
 public:
  explicit part_opening(part_terms const& terms);
  ~part_opening();
  part_opening(part_opening&&) noexcept;
  part_opening& operator=(part_opening&&) noexcept;

  // The plain octets of the next piece, until the next call. Nothing is proven before finish().
  std::string_view add(std::string_view sealed);
  // Once, after the last piece. Problems edelivery.decryption.failed, edelivery.authentication.digest,
  // edelivery.policy.payload_xml.
  result<void> finish();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

struct digested_part {
  std::string content_id;
  std::string mime_type;
  std::string digest;  // raw bytes of attachment_digest
};

struct signed_envelope {
  std::string soap;
  std::vector<signed_reference> references;
};

// sign() for parts that are elsewhere.
result<signed_envelope> sign_digested(std::string_view messaging, std::vector<digested_part> const& parts,
                                      security_profile const& profile, credentials const& signer);

struct sealed_envelope {
  std::string soap;
  std::string content_key;  // for part_sealing of each part; a secret
};

// encrypt() for parts that are elsewhere; there must be at least one. `soap` was made by sign or sign_digested.
result<sealed_envelope> encrypt_envelope(std::string const& soap, std::vector<announced_part> const& parts,
                                         security_profile const& profile, certificate const& recipient);

inline constexpr std::string_view sealed_part_type = "application/octet-stream";
inline constexpr std::uint64_t sealing_growth = 12 + 16;  // a sealed part is so much longer than the plain one

class part_sealing {
 public:
  explicit part_sealing(std::string_view content_key);
  ~part_sealing();
  part_sealing(part_sealing&&) noexcept;
  part_sealing& operator=(part_sealing&&) noexcept;

  std::string_view start();                      // goes first
  std::string_view add(std::string_view plain);  // until the next call
  std::string finish();                          // goes last; once

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace ehds::edelivery
