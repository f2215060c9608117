#pragma once
// The first steps of opening, which user messages and signals share: MIME, SOAP, ebMS header. Nothing read here is
// verified yet.
#include <cstddef>
#include <expected>
#include <string_view>
#include <vector>

#include "edelivery/ebms/read_messaging.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/mime/multipart.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery {

struct unverified_frame {
  mime_layout mime;  // where the parts lie in the body given
  parsed_envelope envelope;
  messaging_content content;
};

std::expected<unverified_frame, refusal> read_frame(std::string_view content_type, byte_source const& body,
                                                    mime_limits const& limits);
std::expected<unverified_frame, refusal> read_frame(std::string_view content_type, std::string_view body,
                                                    mime_limits const& limits);

refusal refused(problem diagnosis, std::string message_id = {}, std::string pmode_id = {});

}  // namespace ehds::edelivery
