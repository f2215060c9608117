#include "node/access/forms/attachment_rules.hpp"

#include "base/bytes.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace ehds::node::access {

bool is_plain_file_name(std::string_view name) {
  auto const odd = [](char c) { return c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) < 0x20; };
  return !name.empty() && name.size() <= 200 && name.front() != '.' && is_utf8(name) && !std::ranges::any_of(name, odd);
}

result<void> allowed_attachment(std::string_view name, std::uint64_t size) {
  static constexpr std::array<std::string_view, 6> kinds{"pdf", "doc", "docx", "xls", "xlsx", "odt"};
  if (!is_plain_file_name(name))
    return problem{"access.file.name", "The name of the file cannot be used.", "", "Use a short, plain file name."};
  std::string ending{name.substr(std::min(name.size(), name.rfind('.') + 1))};
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (name.find('.') == std::string_view::npos || std::ranges::find(kinds, ending) == kinds.end())
    return problem{"access.file.type", "Files of this kind are not accepted.", "",
                   "Attach pdf, doc, docx, xls, xlsx or odt."};
  if (size == 0 || size > attachment_limit)
    return problem{"access.file.size", "The file is empty or larger than 1 MB.", "", "Attach at most 1 MB a file."};
  return {};
}

}  // namespace ehds::node::access
