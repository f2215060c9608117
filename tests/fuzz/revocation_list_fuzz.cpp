// A revocation list of whatever bytes come, read, written again and asked: never a crash, never an exception.
#include "edelivery/security/revocation_list.hpp"

#include <cstddef>
#include <cstdint>

#include "edelivery/security/issue.hpp"

using namespace ehds;
using namespace ehds::edelivery;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static credentials const authority = [] {
    certificate_request request;
    request.common_name = "authority";
    request.use = certificate_use::authority;
    request.key = key_kind::elliptic_curve;
    return issue_certificate(request).value();
  }();
  auto const list = revocation_list::read({reinterpret_cast<char const*>(data), size});
  if (!list) return 0;
  (void)list->is_from(authority.cert);
  (void)list->names(authority.cert);
  (void)list->covers(authority.cert);
  (void)list->issuer();
  (void)list->is_current(instant{});
  if (!revocation_list::read(list->der())) __builtin_trap();
  return 0;
}
