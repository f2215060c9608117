#pragma once
// Datasets, hits and facets as JSON, and the search as it stands in a query string.
#include <nlohmann/json_fwd.hpp>

#include "dcat/catalogue/search.hpp"
#include "dcat/release/pack.hpp"
#include "node/api/rooms.hpp"
#include "node/catalogue/record_book.hpp"
#include "node/catalogue/record_search.hpp"
#include "node/http/request.hpp"

namespace ehds::node::api {

// q, variable, year, individuals, order, language, offset, limit, and any facet by its name, repeated for "or".
result<dcat::search_query> search_query_of(http::request const& asked);

nlohmann::json hit_json(dcat::search_hit const& hit, dcat::release_pack const& pack, std::string const& language);
nlohmann::json facets_json(std::vector<dcat::facet> const& facets, dcat::release_pack const& pack,
                           std::string const& language);
nlohmann::json record_json(catalogue::kept_record const& kept, dcat::release_pack const& pack);
nlohmann::json variable_json(dcat::variable_set const& set, dcat::variable_row row);
std::string facet_label(std::string_view facet, std::string const& value, dcat::release_pack const& pack,
                        std::string const& language);

}  // namespace ehds::node::api
