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

bool slurp(std::string const& file, std::string& bytes) {
  constexpr std::size_t limit = 64 * 1024 * 1024;
  std::ostringstream read;
  if (file == "-") {
    read << std::cin.rdbuf();
  } else {
    std::ifstream in(file, std::ios::binary);
    // A folder opens but cannot be read.
    if (!in || in.peek() == std::ifstream::traits_type::eof()) {
      if (!in.is_open() || errno != 0) {
        complain(file + " cannot be read: " + std::strerror(errno != 0 ? errno : ENOENT), 2);
        return false;
      }
      bytes.clear();
      return true;
    }
    read << in.rdbuf();
  }
  bytes = std::move(read).str();
  if (bytes.size() <= limit) return true;
  complain(file + " is larger than 64 MiB", 2);
  return false;
}

}  // namespace ehds::node::verbs
