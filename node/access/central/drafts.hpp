#pragma once
// A stored draft as the document it will become. Pure.
#include <string>
#include <vector>

#include "node/access/central/centre_tables.hpp"
#include "node/access/wire/application_metadata.hpp"

namespace ehds::node::access {

application_document document_of(tables::stored_draft const& draft, std::vector<attachment> const& files);
std::string write_datasets(std::vector<dataset_reference> const& datasets);
std::string title_of(std::string_view form_json);  // the project's name, or "Untitled"

// What check_complete() says, and whether there are datasets at all.
problems findings_of(application_document const& document, date today);

// The changed sections put into the form; section 6 country by country.
result<std::string> merged_form(std::string_view form_json, std::string_view changed_json);

}  // namespace ehds::node::access
