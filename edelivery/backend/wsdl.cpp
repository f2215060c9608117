#include <optional>

#include "edelivery/backend/wsplugin.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery::backend {

std::optional<std::string_view> shipped_wsdl_file(std::string_view path);  // made by CMake

std::string wsdl_for(std::string_view address) {
  constexpr std::string_view placeholder = "http://localhost/services/wsplugin";
  auto text = std::string(shipped_wsdl_file("backend/wsplugin.wsdl").value());
  return text.replace(text.find(placeholder), placeholder.size(), xml::escaped(address));
}

}  // namespace ehds::edelivery::backend
