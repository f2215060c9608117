#pragma once
// A message as a Domibus hands it over, in its answer or in a push: its header in the SOAP header, its payloads in one
// element of the body. As lenient as Domibus is free: any order, empty lists. Internal to backend.
#include "edelivery/backend/lift_base64.hpp"
#include "edelivery/backend/plugin_client.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery::backend {

// For what is left of the text when long payloads are lifted out.
inline constexpr std::size_t most_text_around_payloads = 3 * 1024 * 1024;
inline xml::limits limits_around_payloads() {
  xml::limits most;
  most.relative = xml::relative_namespaces::accepted;  // "eu.domibus"
  most.bytes = most_text_around_payloads;
  most.tree_growth = 3;
  return most;
}

// `around` holds the payloads. Problems edelivery.backend.{answer, payload}.
result<retrieved_message> read_carried_message(xml::node envelope, xml::node around, lifted_text const& lifted);

}  // namespace ehds::edelivery::backend
