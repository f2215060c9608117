#pragma once
// Payloads in base64 may be gigabytes, which no memory and no tree of XML should hold: before the text is parsed each
// long one is left where it lies, and a short mark stands in its place. Internal to backend.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "base/result.hpp"
#include "edelivery/backend/wsplugin.hpp"

namespace ehds::edelivery::backend {

struct lifted_text {
  std::string text;
  std::vector<text_stretch> runs;  // of the source given
};

// Leaves out what stands between two tags, is longer than 8 KiB and is base64 and blanks alone; what is not left out
// has at most `most_text` bytes. Problems edelivery.header.size; edelivery.backend.payload: the text holds the
// character of the marks, or more than 128 such stretches; those of the source.
result<lifted_text> lift_base64(byte_source const& soap, std::size_t most_text);

// The number of the run that this text stands for.
std::optional<std::size_t> marked_run(std::string_view text, std::size_t runs);

}  // namespace ehds::edelivery::backend
