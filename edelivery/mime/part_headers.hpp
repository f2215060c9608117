#pragma once
// The few header fields of a MIME part that matter here.
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::edelivery {

struct part_headers {
  std::string content_type;  // values unfolded and trimmed; empty when absent
  std::string content_id;
  std::string transfer_encoding;
};

struct headed_part {
  part_headers headers;
  std::string_view body;
};

// Splits the bytes between two boundaries at the first empty line. Unknown fields are skipped.
// Problem: edelivery.mime.headers (over the limit, no colon, a known field twice, control characters).
result<headed_part> split_part(std::string_view bytes, std::size_t header_limit);

}  // namespace ehds::edelivery
