#pragma once
// May this file be attached? Its kind by its ending, its size, and a name that no folder and no page trips over.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ehds::policies {

struct attachment_limits {
  std::vector<std::string> kinds;  // "pdf": lower case, no dot
  std::uint64_t bytes = 0;         // the most a file may have
};

struct attached_file {
  std::string id;
  std::string name;
  std::uint64_t size = 0;
  std::string where;  // its place, for findings
};

// Problems: screening.file.name (path, control character, too long), screening.file.type, screening.file.size.
result<void> screen_attachment(std::string_view name, std::uint64_t size, attachment_limits const& limits);

}  // namespace ehds::policies
