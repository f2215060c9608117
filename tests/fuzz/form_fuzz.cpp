// Any body as a form. The first line is its Content-Type.
#include <cstddef>
#include <cstdint>

#include "node/http/forms.hpp"
#include "node/http/negotiation.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace ehds::node::http;
  std::string const text(reinterpret_cast<char const*>(data), size);
  auto const line = std::min(text.find('\n'), text.size());
  request asked;
  asked.headers.add("Content-Type", text.substr(0, line));
  asked.headers.add("Cookie", text.substr(0, line));
  asked.body = line < size ? text.substr(line + 1) : std::string{};
  static_cast<void>(form_fields(asked));
  static_cast<void>(asked.cookie("a"));
  static_cast<void>(best_media_type(text, {"text/html", "text/turtle"}));
  static_cast<void>(best_language(text, {"en", "fr"}));
  return 0;
}
