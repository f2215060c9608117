// Any bytes as a request to the demo's platform: a whole request stays whole whatever follows it, and a body is never
// longer than allowed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "conformance/platform/tiny_http.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace ehds::conformance::platform;
  std::string const bytes(reinterpret_cast<char const*>(data), size);
  auto const got = read_plain_request(bytes);
  if (got.state != reading::whole) return 0;
  if (got.request.body.size() > body_limit) std::abort();
  auto const more = read_plain_request(bytes + "more");
  if (more.state != reading::whole || more.request.body != got.request.body) std::abort();
  return 0;
}
