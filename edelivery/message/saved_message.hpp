#pragma once
// A message in a file: HTTP headers, when there are any, parted from the body.
#include <string>
#include <string_view>

namespace ehds::edelivery {

struct saved_message {
  std::string content_type;  // from the headers, else guessed from the first bytes; empty when neither helps
  std::string_view body;     // into the bytes given; chunked transfer coding is not undone
};

saved_message split_saved(std::string_view bytes);

}  // namespace ehds::edelivery
