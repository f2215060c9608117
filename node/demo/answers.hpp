#pragma once
// Filling forms at the centre, as the researcher.
#include <string>
#include <utility>
#include <vector>

#include "node/demo/network.hpp"

namespace ehds::node::demo {

// A draft with its basket: pairs of country and dataset id. Returns the draft's id.
std::string begin_draft(network& net, std::string const& type,
                        std::vector<std::pair<std::string, std::string>> const& datasets);
// {"section2": {...}, "section6": [...]}; "@file" where the answer names the attachment.
void fill_draft(network& net, std::string const& draft, std::string const& answers_file);
std::string submit_draft(network& net, std::string const& draft, std::string const& key);

// The status of one authority in the vector that the centre shows.
nlohmann::json status_at_centre(network& net, std::string const& application, std::string const& country);
// The case of an application in a country, opened when the message was received.
std::string case_of(network& net, std::string const& country, std::string const& application);
// An officer's command; throws when it is refused.
nlohmann::json command(network& net, std::string const& country, std::string const& officer, std::string const& case_id,
                       std::string const& verb, nlohmann::json const& particulars = nlohmann::json::object());

}  // namespace ehds::node::demo
