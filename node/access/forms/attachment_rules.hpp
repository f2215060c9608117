#pragma once
// Which files may be attached: pdf, doc, docx, xls, xlsx, odt; 1 MB each (Central Platform); a plain name.
#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace ehds::node::access {

inline constexpr std::uint64_t attachment_limit = 1024 * 1024;

// Problems: access.file.type, access.file.size, access.file.name (path, control character, too long).
result<void> allowed_attachment(std::string_view name, std::uint64_t size);
bool is_plain_file_name(std::string_view name);

}  // namespace ehds::node::access
