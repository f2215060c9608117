#pragma once
// From problems to HTTP, and from bodies to JSON: the one place where a problem's code gets a status.
#include <nlohmann/json_fwd.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "base/result.hpp"
#include "node/http/request.hpp"
#include "node/http/response.hpp"

namespace ehds::node::api {

int status_of(problem const& what);
http::response refuse(problem const& what);
http::response refuse(problems const& what);  // all findings, by the code of the first: one code has one status

// A text as JSON object. Problem api.json, at the line and column where it stops being JSON.
result<nlohmann::json> object_of(std::string_view text, std::size_t deepest);
// A JSON object as the body, at most as deep as a form. Problems: api.json, api.media_type.
result<nlohmann::json> body_object(http::request const& asked);
// A text member; empty when absent or of another type.
std::string text_in(nlohmann::json const& object, std::string_view member);
// Problem api.json: a member of no known name, with the one that was probably meant and all that there are.
problem no_member(std::string place, std::vector<std::string> const& known, std::string_view written);
// The first member that is none of these. Problem api.json.
result<void> only_members(nlohmann::json const& object, std::initializer_list<std::string_view> names);
// The objects of a list member; absent is an empty list. Problem api.json names the item that is no object.
result<std::vector<nlohmann::json>> objects_in(nlohmann::json const& object, std::string_view member);
http::response answer_json(nlohmann::json const& body, int status = 200);
http::response answer_soap(std::string envelope, int status = 200);  // SOAP 1.2

// The Idempotency-Key of a request, or a fresh one: a caller without key repeats at its own risk.
std::string idempotency_key(http::request const& asked);
// The same, but empty when none is given.
std::string given_key(http::request const& asked);

}  // namespace ehds::node::api
