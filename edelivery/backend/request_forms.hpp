#pragma once
// What may stand in the requests of the plug-in, as its schema (webservicePlugin-body.xsd) has it. Internal to backend.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery::backend {

std::vector<std::string> request_names();
bool is_request(std::string_view name);

// Of all but submitRequest, whose payloads are read with their PartInfos: children and attributes are known ones, in
// their order. Problems edelivery.backend.value, edelivery.header.attribute, each with what was probably meant.
result<void> check_form(xml::node asked);

}  // namespace ehds::edelivery::backend
