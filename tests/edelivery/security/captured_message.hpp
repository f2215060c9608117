#pragma once
// A message kept in a file: HTTP headers, an empty line, the body. Splits MIME only as far as the samples need it.
#include <string>
#include <string_view>
#include <vector>

#include "edelivery/run_program.hpp"
#include "edelivery/security/secure_message.hpp"

namespace ehds::edelivery::tests {

struct captured_message {
  std::string soap;
  std::vector<payload_part> parts;
};

inline std::string_view header_of(std::string_view headers, std::string_view name) {
  auto const at = headers.find(name);
  if (at == std::string_view::npos) return {};
  auto const begin = headers.find_first_not_of(' ', at + name.size());
  return headers.substr(begin, headers.find("\r\n", begin) - begin);
}

inline captured_message captured(std::filesystem::path const& file) {
  auto const raw = file_content(file);
  std::string_view const all = raw;
  auto const blank = all.find("\r\n\r\n");
  auto const headers = all.substr(0, blank + 2);
  auto const body = all.substr(blank + 4);
  captured_message message;
  auto const mark = headers.find("boundary=\"");
  if (mark == std::string_view::npos) {
    message.soap = body;
    return message;
  }
  auto const quoted = headers.substr(mark + 10);
  auto const delimiter = "--" + std::string(quoted.substr(0, quoted.find('"')));
  bool root = true;
  for (auto at = body.find(delimiter); at != std::string_view::npos;) {
    auto const begin = at + delimiter.size() + 2;
    auto const next = body.find("\r\n" + delimiter, begin);
    if (next == std::string_view::npos) break;
    auto const part = body.substr(begin, next - begin);
    auto const gap = part.find("\r\n\r\n");
    auto const part_headers = part.substr(0, gap + 2);
    auto id = header_of(part_headers, "Content-ID:");
    if (id.starts_with('<')) id = id.substr(1, id.size() - 2);
    if (root) {
      message.soap = part.substr(gap + 4);
    } else {
      message.parts.push_back(
          {std::string(id), std::string(header_of(part_headers, "Content-Type:")), std::string(part.substr(gap + 4))});
    }
    root = false;
    at = next + 2;
  }
  return message;
}

}  // namespace ehds::edelivery::tests
