#include "edelivery/message/read_frame.hpp"

#include <utility>

#include "edelivery/ebms/error_codes.hpp"

namespace ehds::edelivery {

refusal refused(problem diagnosis, std::string message_id, std::string pmode_id) {
  std::string code{ebms_code_of(diagnosis).code};
  return {std::move(code), std::move(diagnosis), std::move(message_id), std::move(pmode_id), {}};
}

std::expected<unverified_frame, refusal> read_frame(std::string_view content_type, byte_source const& body,
                                                    mime_limits const& limits) {
  auto mime = lay_out_mime(content_type, body, limits);
  if (!mime) return std::unexpected{refused(std::move(mime).error())};
  auto envelope = parse_envelope(mime->root_bytes);
  if (!envelope) return std::unexpected{refused(std::move(envelope).error())};
  auto content = read_messaging(envelope->messaging());
  if (!content) {
    return std::unexpected{refused(std::move(content).error(), readable_message_id(envelope->messaging()))};
  }
  return unverified_frame{*std::move(mime), *std::move(envelope), *std::move(content)};
}

std::expected<unverified_frame, refusal> read_frame(std::string_view content_type, std::string_view body,
                                                    mime_limits const& limits) {
  return read_frame(content_type, memory_source(body), limits);
}

}  // namespace ehds::edelivery
