// AgreementMethod of whatever bytes come, carried through to the key that it would give: never a crash, never an
// exception.
#include "edelivery/security/agreement_method.hpp"
#include "edelivery/security/issue.hpp"
#include "edelivery/security/signature_algorithm.hpp"

#include <cstddef>
#include <cstdint>

using namespace ehds;
using namespace ehds::edelivery;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

credentials issued(key_kind key) {
  static credentials const authority = [] {
    certificate_request request;
    request.common_name = "authority";
    request.use = certificate_use::authority;
    request.key = key_kind::elliptic_curve;
    return issue_certificate(request).value();
  }();
  certificate_request request;
  request.common_name = "ours";
  request.use = certificate_use::encryption;
  request.key = key;
  return issue_certificate(request, &authority).value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static credentials const x25519 = issued(key_kind::x25519);
  static credentials const curve = issued(key_kind::elliptic_curve);
  std::string const bytes(reinterpret_cast<char const*>(data), size);

  auto const document = xml::document::parse(bytes);
  auto const block =
      document ? read_agreement_method(document->root()) : result<agreement_method_block>(document.error());
  // The key as the message holds it, and the bytes themselves as a key.
  for (auto const& der : {block ? block->der : std::string(), bytes}) {
    if (auto const key = originator_key::from_der(der)) {
      (void)derive_wrapping_key(x25519.key, key->handle(), {"salt", ""});
      (void)derive_wrapping_key(curve.key, key->handle(), {"salt", ""});
      (void)key->same_group(curve.cert);
    }
  }
  auto const point = block ? originator_key::from_point(block->curve_uri, block->point)
                           : originator_key::from_point("urn:oid:1.2.840.10045.3.1.7", bytes);
  if (point) (void)derive_wrapping_key(curve.key, point->handle(), {"", bytes});
  (void)aes128_unwrap("0123456789abcdef", bytes);
  (void)signature_is_good(*find_signature_algorithm(edelivery_2_0_ecdsa().signature), curve.cert, "octets", bytes);
  return 0;
}
