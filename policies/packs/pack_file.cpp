
#include "policies/packs/country_pack.hpp"

#include "base/files.hpp"

namespace ehds::policies {

result<country_pack> read_country_pack_file(std::filesystem::path const& file) {
  constexpr std::size_t largest = 256 * 1024;
  auto const text = read_file(file, largest);
  if (!text)
    return problem{"pack.file", "The policy pack cannot be read, or is larger than 256 KB.", file.string(),
                   "Check its path, its permissions and its size."};
  auto pack = read_country_pack(*text);
  if (pack) return pack;
  auto fault = std::move(pack).error();
  fault.where = file.string() + (fault.where.empty() ? "" : "#" + fault.where);
  return fault;
}

}  // namespace ehds::policies
