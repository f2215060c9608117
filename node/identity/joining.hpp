#pragma once
// Keys certified by an authority outside, and their rollover with overlap. Beside NAME.key and NAME.pem of the folder
// ("sign", "encrypt", "tls", or one of a further profile) stand
//   NAME.next.key, NAME.next.csr  asked for; the key is made here and stays here (0600), or is in a device (PKCS#11),
//   and
//                                 then this file holds its URI
//   NAME.next.pem                 what came back: an encryption key is used for opening from now on
//   NAME.old.key, NAME.old.pem    what was in use before the last roll: an old encryption key still opens
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"
#include "edelivery/security/request.hpp"

namespace ehds::node::identity {

// By the first word of the name: sign..., encrypt..., tls... Problem identity.key.
result<edelivery::certificate_use> use_of(std::string_view name);

// The PEM of the request, also kept beside the key. Problems: identity.key (a request is open already, or there is no
// such folder), edelivery.certificate.request.
result<std::string> request_key(std::filesystem::path const& folder, std::string const& name,
                                edelivery::asked_certificate asked);

// PEM (a chain, the node's certificate first) or DER. Problems identity.key, which name a file of the folder; of the
// bytes themselves, which do not say where they come from, identity.certificate and those of check_answer.
result<void> import_certificate(std::filesystem::path const& folder, std::string const& name, std::string_view bytes,
                                instant now);

// Of a signing or encryption key: the certificate in use has another subject, or the same in another order. Nothing
// where they agree or none is in use. No hindrance, for an authority may name us anew; but partners may know a
// signer by it (certificates.subject of their P-Modes), and where they know us by no name, an announced certificate is
// ours by its subject alone. Problem
// identity.key.subject, naming both.
std::optional<problem> find_other_subject(std::filesystem::path const& folder, std::string const& name,
                                          std::string_view next_rfc4514);

// What partners have to be told before that: the current certificate and, with its chain, the imported one.
struct coming_certificate {
  edelivery::certificate current;
  std::vector<edelivery::certificate> next;  // ours first
};
result<coming_certificate> find_coming(std::filesystem::path const& folder, std::string const& name);

// Next becomes current, current becomes old. May be run again when it was interrupted. Problem identity.key.
result<void> roll_key(std::filesystem::path const& folder, std::string const& name, instant now);

// Next and old encryption keys that are there, to open messages with while partners change over.
result<std::vector<edelivery::credentials>> overlapping_keys(std::filesystem::path const& folder,
                                                             std::string const& name, instant now);

}  // namespace ehds::node::identity
