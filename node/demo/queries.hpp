#pragma once
// Federated questions in the story: the texts of the queries, their approval, and asking.
#include <map>
#include <string>
#include <vector>

#include "node/demo/network.hpp"

namespace ehds::node::demo {

// node/demo/queries/<name>.<model>.json, model "omop" for FI and DK, "snds" for FR, with the country's dataset id set.
nlohmann::json query_text(network& net, std::string const& name, std::string const& country);
std::string query_hash(network& net, std::string const& country, nlohmann::json const& query);

// Screens, completes, decides and has accepted a data request in one country: these queries may run for this protocol.
// Returns the case id.
std::string approve_queries(network& net, std::string const& country, std::string const& application,
                            std::vector<std::string> const& names);

// Asks from France under that name, of this run; returns the question's path.
std::string ask(network& net, std::string const& name, std::string const& title, std::string const& application,
                std::map<std::string, nlohmann::json> const& parts);
nlohmann::json answer_of(network& net, std::string const& question, std::string const& country);
// Waits until the country's job for that question waits for release, and releases it.
void release(network& net, std::string const& country, std::string const& question);
// The job that a country made of a question.
nlohmann::json job_of(network& net, std::string const& country, std::string const& question);

}  // namespace ehds::node::demo
