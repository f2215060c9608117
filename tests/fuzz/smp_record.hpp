#pragma once
// Records of a publisher of whatever bytes come: opened as they are, and, so that the reader behind the signature is
// reached, with a signature put in where the text says "%signature%".
#include <cstddef>
#include <cstdint>
#include <string>

#include "edelivery/discovery/records.hpp"

namespace ehds::edelivery::tests {

inline void try_record(std::uint8_t const* data, std::size_t size) {
  std::string const bytes(reinterpret_cast<char const*>(data), size);
  static pmode const mode = looking_up();
  (void)read_service_group(bytes);
  (void)signed_record::open(bytes, issued_by(authority()), noon());
  auto const mark = bytes.find("%signature%");
  if (mark == std::string::npos || bytes.find("%signature%", mark + 1) != std::string::npos) return;
  auto const whole = replaced(bytes, "%signature%", unsigned_signature(publisher_keys().cert));
  auto const read = xml::document::parse(whole, record_limits());
  auto const signatures =
      read ? read->root().children("http://www.w3.org/2000/09/xmldsig#", "Signature") : std::vector<xml::node>{};
  if (signatures.size() != 1) return;
  // What has no canonical form cannot be signed either.
  auto const info = signatures.front().child("http://www.w3.org/2000/09/xmldsig#", "SignedInfo");
  if (!xml::canonicalize_without(*read, signatures.front(), xml::canonical_form::exclusive, {})) return;
  if (!info || !xml::canonicalize(*info)) return;
  if (bytes.find("<DigestValue></") != std::string::npos || bytes.find("<SignatureValue></") != std::string::npos)
    return;
  auto const record = signed_record::open(signed_by(publisher_keys(), bytes), issued_by(authority()), noon());
  if (!record) return;
  auto const metadata = read_service_metadata(*record);
  if (metadata) (void)choose_endpoint(*metadata, mode, noon());
}

}  // namespace ehds::edelivery::tests
