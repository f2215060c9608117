#pragma once
// Applications that the tests of this room share: complete, in two countries, about nobody.
#include <string>
#include <vector>

#include "node/access/wire/application_metadata.hpp"

namespace access_samples {

ehds::node::access::dataset_reference dataset(std::string const& id, std::string const& country);

// Every mandatory field answered; section 6 once for each country.
std::string access_form(std::vector<std::string> const& countries);
std::string request_form(std::vector<std::string> const& countries);

ehds::node::access::application_document access_application(std::vector<std::string> const& countries);
ehds::node::access::application_document request_application(std::vector<std::string> const& countries);

}  // namespace access_samples
