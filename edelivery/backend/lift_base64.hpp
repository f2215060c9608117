#pragma once
// Payloads in base64 may be megabytes, which no tree of XML should hold: before it is parsed each long one is taken out
// of the text, and a short mark stands in its place. Internal to backend.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ehds::edelivery::backend {

struct lifted_text {
  std::string text;
  std::vector<std::string_view> runs;  // into the text given
};

// Takes out what stands between two tags, is longer than 8 KiB and is base64 and blanks alone. Problem
// edelivery.backend.payload: the text holds the character of the marks, or more than 128 such stretches.
result<lifted_text> lift_base64(std::string_view soap);

// The number of the run that this text stands for.
std::optional<std::size_t> marked_run(std::string_view text, std::size_t runs);

}  // namespace ehds::edelivery::backend
