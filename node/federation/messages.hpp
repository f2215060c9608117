#pragma once
// The contents of the four messages of the partners' agreement (Service urn:ehds:federated-query), as JSON objects.
// A refusal tells the asker one thing only, whatever the reason was.
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::node::federation {

inline constexpr std::size_t content_limit = 2 * 1024 * 1024;  // bytes; a table of 10,000 cells is below

struct submit_query {
  std::string part;  // id of the part, unique at the asker
  std::string title;
  std::string application;  // business id of the data request it is asked for
  std::string query;        // aggregate query, JSON text
};
struct query_status {
  std::string part;
  std::string state;  // "received"
};
struct released_answer {
  std::string part;
  std::string table;  // released table, JSON text
};
struct query_refused {
  std::string part;
};

std::string to_json(submit_query const& content);
std::string to_json(query_status const& content);
std::string to_json(released_answer const& content);
std::string to_json(query_refused const& content);

// Problems: federation.content, where is the member.
result<submit_query> read_submit_query(std::string_view content);
result<query_status> read_query_status(std::string_view content);
result<released_answer> read_released_answer(std::string_view content);
result<query_refused> read_query_refused(std::string_view content);

}  // namespace ehds::node::federation
