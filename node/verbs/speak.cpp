#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {

int complain(std::string const& sentence, int code) {
  std::cerr << "ehds-node: " << sentence << '\n';
  return code;
}

result<std::string> read_input(std::string const& file) {
  constexpr std::size_t limit = 64 * 1024 * 1024;
  std::ostringstream read;
  if (file == "-") {
    read << std::cin.rdbuf();
  } else {
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    // A folder opens but cannot be read; an empty file can.
    bool const is_at_end = !in || in.peek() == std::ifstream::traits_type::eof();
    if (is_at_end && in.is_open() && errno == 0) return std::string{};
    if (is_at_end)
      return problem{"input.unreadable", file + " cannot be read: " + std::strerror(errno != 0 ? errno : ENOENT), "",
                     ""};
    read << in.rdbuf();
  }
  auto bytes = std::move(read).str();
  if (bytes.size() <= limit) return bytes;
  return problem{"input.too_large", file + " is larger than 64 MiB", "", ""};
}

bool slurp(std::string const& file, std::string& bytes) {
  auto read = read_input(file);
  if (read) {
    bytes = *std::move(read);
    return true;
  }
  complain(to_text(read.error()), 2);
  return false;
}

}  // namespace ehds::node::verbs
