// Any bytes to a session: it answers, refuses or stays silent, and says the same however the bytes are cut.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "../node/http/scripted_stream.hpp"

namespace {

using namespace ehds::tests;

// Whether a client is told to go on depends on how much has arrived, and nothing else does.
std::string without_go_on(std::string text) {
  static std::string const go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  for (auto at = text.find(go_on); at != std::string::npos; at = text.find(go_on)) text.erase(at, go_on.size());
  return text;
}

std::string played(std::vector<arrival> script) {
  played_session session([](http::request const& r) { return http::text(r.method + r.path + r.body); });
  return without_go_on(session.play(std::move(script)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string const bytes(reinterpret_cast<char const*>(data), size);
  if (size < 2) return 0;
  if (played({{bytes}}) != played({{bytes.substr(0, size / 2)}, {bytes.substr(size / 2)}})) std::abort();
  return 0;
}
