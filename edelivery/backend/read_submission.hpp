#pragma once
// eb:Messaging as a back end writes it: in the plug-in's schema elements stand in any order (xs:all), and what the
// access point knows better may be left out. Internal to backend.
#include "edelivery/backend/lift_base64.hpp"
#include "edelivery/backend/wsplugin.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery::backend {

// Problems edelivery.header.*, edelivery.value.*, edelivery.backend.{value, payload}.
result<submit_request> read_submission(xml::node messaging, xml::node request, lifted_text const& lifted);

}  // namespace ehds::edelivery::backend
