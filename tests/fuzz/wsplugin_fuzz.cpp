// Any bytes as a request to the WS plug-in: read within limits, or refused with a sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "edelivery/backend/wsplugin.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace ehds::edelivery;
  ehds::memory_source const soap({reinterpret_cast<char const*>(data), size});
  auto const read = backend::read_request(soap);
  if (!read) {
    if (read.error().code.empty() || read.error().detail.empty() || backend::fault_code(read.error()).empty())
      std::abort();
    return 0;
  }
  auto const* const message = std::get_if<backend::submit_request>(&*read);
  if (message == nullptr) return 0;
  if (message->payloads.size() > 128 || message->header.to.id.empty()) std::abort();
  for (auto const& each : message->payloads)
    if (each.base64.at > size || each.base64.size > size - each.base64.at) std::abort();
  // What was read can be said again.
  auto header = message->header;
  for (auto const& each : message->payloads) header.parts.push_back({each.payload_id, each.properties});
  if (backend::write_retrieved(header).size() != message->payloads.size() + 1) std::abort();
  return 0;
}
