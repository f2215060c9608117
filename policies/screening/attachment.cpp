#include "policies/screening/attachment.hpp"

#include "base/bytes.hpp"
#include "base/slips.hpp"

#include <algorithm>

namespace ehds::policies {
namespace {

constexpr std::size_t longest_name = 200;

bool is_plain_file_name(std::string_view name) {
  auto const odd = [](char c) { return c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) < 0x20; };
  return !name.empty() && name.size() <= longest_name && name.front() != '.' && is_utf8(name) &&
         !std::ranges::any_of(name, odd);
}

std::string ending_of(std::string_view name) {
  auto const dot = name.rfind('.');
  std::string ending{dot == std::string_view::npos ? "" : name.substr(dot + 1)};
  std::ranges::transform(ending, ending.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return ending;
}

std::string spoken(std::uint64_t bytes) {
  constexpr std::uint64_t mega = 1024 * 1024;
  return bytes >= mega && bytes % mega == 0 ? std::to_string(bytes / mega) + " MB" : std::to_string(bytes) + " bytes";
}

}  // namespace

result<void> screen_attachment(std::string_view name, std::uint64_t size, attachment_limits const& limits) {
  if (!is_plain_file_name(name))
    return problem{"screening.file.name", "The name of the file cannot be used.", "", "Use a short, plain file name."};
  if (std::ranges::find(limits.kinds, ending_of(name)) == limits.kinds.end())
    return problem{"screening.file.type", "Files of this kind are not accepted.", "",
                   "Attach " + either(limits.kinds) + "."};
  if (size == 0 || size > limits.bytes)
    return problem{"screening.file.size", "The file is empty or larger than " + spoken(limits.bytes) + ".", "",
                   "Attach at most " + spoken(limits.bytes) + " a file."};
  return {};
}

}  // namespace ehds::policies
