#pragma once
// What may stand after the '?' of an address, as the description of the API says it (`parameters` of openapi.json): the
// one table that is published, and that requests are held to. A list that silently ignores a filter looks like an
// answer.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "node/http/router.hpp"

namespace ehds::node::api {

struct query_rule {
  std::string name;
  bool is_many = false;            // may be given more than once: any of the values
  bool is_number = false;          // a whole one
  std::int64_t least = 0;          // of a number
  std::int64_t most = 0;           // of a number
  std::vector<std::string> words;  // one of these; empty: any text
  std::string unless_header;       // is not read where this header is sent
};

// Of an operation of openapi.json, such as GET and "/api/ledger".
std::vector<query_rule> const& query_rules_of(std::string_view method, std::string_view pattern);

// Problem api.query: a name that is not described (with the nearest one that is), a name given twice, a value that
// cannot be read. A value of no length is none, as forms send it.
std::optional<problem> judge_query(http::request const& asked, std::vector<query_rule> const& rules);

// The route, asked nothing but what is described. As it is where the protocol is not ours to describe (AS4, SOAP, the
// dispatcher's), and for probes, whose callers add what they like.
http::route as_described(http::route route);

}  // namespace ehds::node::api
