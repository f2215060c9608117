#pragma once
// The door of message security: sign, encrypt; verify, decrypt (WS-Security 1.1.1 with attachments, as
// eDelivery AS4 profiles it).
//
//   auto const done = secure(messaging, parts, profile, ours, partner_certificate);   // user message
//   auto const answer = sign(messaging, {}, profile, ours);                            // receipt, error
//   auto const envelope = parse_envelope(bytes);                    // then find the P-Mode by messaging()
//   auto const opened = verify_and_decrypt(*envelope, parts, {profile, trust, {our_key}, now});
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"
#include "edelivery/security/profile.hpp"
#include "edelivery/security/trust.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery {

struct payload_part {
  std::string content_id;  // without angle brackets and "cid:"
  std::string mime_type;   // "application/gzip" when compressed
  std::string body;        // what is signed: already compressed; after encryption: IV, ciphertext, tag
};

// One ds:Reference of a signature. Two are the same when uri and digest text are.
struct signed_reference {
  std::string uri;
  std::string digest;  // text of ds:DigestValue, byte for byte
  std::string xml;     // the whole ds:Reference, self-contained, to copy into a receipt
};

struct secured_message {
  std::string soap;
  std::vector<payload_part> parts;
  std::vector<signed_reference> references;
};

// `messaging` is the content of eb:Messaging as XML text: eb:UserMessage or eb:SignalMessage elements. The
// prefixes eb, ebbp, ds, S12 and wsu are bound around it; any other must be declared inside. The envelope, the
// eb:Messaging element itself (mustUnderstand, wsu:Id), the empty Body and the security header are made here.
// Signs Messaging, Body and every part. Problems: edelivery.sign.{messaging, key, parts}.
result<secured_message> sign(std::string_view messaging, std::vector<payload_part> parts,
                             security_profile const& profile, credentials const& signer);

// Wraps a fresh content key for the recipient around the parts of a message that sign() made; the signature
// stays as it is, so this may be called again for every retry. Parts become application/octet-stream.
// Without parts the message comes back unchanged. Problems: edelivery.encrypt.{key, message}.
result<secured_message> encrypt(secured_message const& message, security_profile const& profile,
                                certificate const& recipient);

// sign, then encrypt when the profile asks for it.
result<secured_message> secure(std::string_view messaging, std::vector<payload_part> parts,
                               security_profile const& profile, credentials const& signer,
                               certificate const& recipient);

// What the P-Mode says about one received message.
struct opening {
  security_profile profile;
  partner_trust trust;                  // of the sender
  std::vector<credentials> decryption;  // ours, newest first; may be empty when nothing is encrypted
  instant now;
};

struct opened_message {
  certificate signer;
  std::vector<signed_reference> references;  // in the order of ds:SignedInfo: for the receipt and the duplicate check
  std::vector<payload_part> parts;           // plain, with the media type that was signed; order as received
};

// Verifies the signature over the SOAP part, then decrypts the parts, then checks their digests. Every part
// given must be signed, and encrypted when the profile requires it; every cid signed must be given. After
// success the nodes messaging() and body() of the envelope may be believed, and nothing else in it.
//
// Problems: edelivery.policy.* (EBMS:0103: unsigned, uncovered, algorithm, structure of the security header),
// edelivery.authentication.* (EBMS:0101: signature, digest, signer), edelivery.decryption.failed (EBMS:0102,
// the one constant for everything that goes wrong while decrypting), edelivery.payload.missing (EBMS:0011),
// edelivery.header.* (EBMS:0009). The detail is for the operator; never send it to the peer.
result<opened_message> verify_and_decrypt(parsed_envelope const& envelope, std::vector<payload_part> parts,
                                          opening const& terms);

// The references of a message that we signed and kept, to check its receipt with.
result<std::vector<signed_reference>> references_of(parsed_envelope const& envelope);

// One ds:Reference, in a signature or copied into a receipt; `with_xml` for what is to be copied on.
result<signed_reference> read_reference(xml::node reference, bool with_xml = true);

// Does the receipt acknowledge exactly what was sent? Order does not matter, count does.
// Problem edelivery.receipt.mismatch, naming the first reference that is missing, unknown or doubled.
result<void> check_acknowledged(std::vector<signed_reference> const& sent,
                                std::vector<signed_reference> const& acknowledged);

}  // namespace ehds::edelivery
