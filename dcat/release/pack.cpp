#include "dcat/release/pack.hpp"

#include <algorithm>

namespace ehds::dcat {

shape const* release_pack::find_shape(std::string_view name) const {
  auto const at = std::find_if(shapes.begin(), shapes.end(), [name](shape const& s) { return s.name == name; });
  return at == shapes.end() ? nullptr : &*at;
}

code_list const* release_pack::find_list(std::string_view name) const {
  auto const at = code_lists.find(name);
  return at == code_lists.end() ? nullptr : &at->second;
}

code const* release_pack::find_code(std::string_view iri) const {
  for (auto const& [name, list] : code_lists)
    if (auto const* const found = list.find(iri)) return found;
  return nullptr;
}

std::string release_pack::label(std::string_view iri, std::string_view language) const {
  if (auto const* const found = find_code(iri)) return std::string(label_of(*found, language));
  auto const end = iri.ends_with('/') || iri.ends_with('#') ? iri.size() - 1 : iri.size();
  auto const bare = iri.substr(0, end);
  auto const cut = bare.find_last_of("/#");
  return std::string(cut == std::string_view::npos ? bare : bare.substr(cut + 1));
}

}  // namespace ehds::dcat
