#pragma once
// P-Modes from the configuration of a Domibus access point (its XML schema, namespace http://domibus.eu/configuration),
// for a country that moves or works with a partner who has one. What has no place here is listed, never guessed.
#include <string>
#include <string_view>

#include "base/problem.hpp"
#include "base/result.hpp"

namespace ehds::edelivery {

struct imported_pmodes {
  std::string json;  // a file of ours, empty list when nothing fits; names certificate files to be supplied
  std::size_t count = 0;
  problems not_carried;  // each with its place in the XML and what to do
};

// `our_party` is the name of a <party> or its partyId; empty: the one the file says is its own. At most 16 MiB, 16
// levels, no DOCTYPE. Problems: edelivery.header.* (the XML), edelivery.pmode.import.{root, party}.
result<imported_pmodes> import_domibus(std::string_view xml, std::string_view our_party);

}  // namespace ehds::edelivery
