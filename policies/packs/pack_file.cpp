#include <fstream>

#include "policies/packs/country_pack.hpp"

namespace ehds::policies {

result<country_pack> read_country_pack_file(std::filesystem::path const& file) {
  constexpr std::streamsize largest = 256 * 1024;
  std::ifstream in(file, std::ios::binary);
  std::string text(static_cast<std::size_t>(largest) + 1, '\0');
  in.read(text.data(), largest + 1);
  if (in.bad() || (in.gcount() == 0 && !in.eof()))
    return problem{"pack.file", "The policy pack cannot be read.", file.string(),
                   "Check its path and its permissions."};
  text.resize(static_cast<std::size_t>(in.gcount()));
  auto pack = read_country_pack(text);
  if (pack) return pack;
  auto fault = std::move(pack).error();
  fault.where = file.string() + (fault.where.empty() ? "" : "#" + fault.where);
  return fault;
}

}  // namespace ehds::policies
