#include "base/files.hpp"

#include <fstream>

namespace ehds {

std::optional<std::string> read_file(std::filesystem::path const& file, std::size_t limit) {
  std::error_code fault;
  if (std::filesystem::is_directory(file, fault)) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  constexpr std::size_t piece = 64 * 1024;
  std::string bytes;
  while (in && bytes.size() <= limit) {
    auto const had = bytes.size();
    bytes.resize(had + piece);
    in.read(bytes.data() + had, static_cast<std::streamsize>(piece));
    bytes.resize(had + static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad() || bytes.size() > limit) return std::nullopt;
  return bytes;
}

bool may_exist(std::filesystem::path const& file) {
  std::error_code fault;
  return std::filesystem::status(file, fault).type() != std::filesystem::file_type::not_found;
}

}  // namespace ehds
