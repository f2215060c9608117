#pragma once
// The one element in the SOAP body of an answer, or the fault that stands there. Internal to backend.
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "edelivery/backend/plugin_client.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery::backend {

problem not_an_answer(std::string detail, std::string where);

// Children are without a namespace in the plug-in's schema; some servers give them its own.
std::optional<xml::node> named_child(xml::node parent, std::string_view name);
std::vector<xml::node> named_children(xml::node parent, std::string_view name);

// The trimmed text of a leaf, at most so long. Problem edelivery.backend.answer.
result<std::string> short_text(xml::node leaf, std::size_t most);

result<std::variant<plugin_fault, xml::node>> answer_in(xml::node envelope);

}  // namespace ehds::edelivery::backend
