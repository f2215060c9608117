#pragma once
// Which files may be attached: pdf, doc, docx, xls, xlsx, odt; 1 MB each (Central Platform); a plain name.
#include <cstdint>
#include <string_view>

#include "policies/screening/attachment.hpp"

namespace ehds::node::access {

policies::attachment_limits const& accepted_attachments();

// Problems: access.file.type, access.file.size, access.file.name (path, control character, too long).
result<void> allowed_attachment(std::string_view name, std::uint64_t size);

}  // namespace ehds::node::access
