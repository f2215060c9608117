#include "node/http/response.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace ehds::node::http {

namespace {

struct status_word {
  int status;
  std::string_view phrase;
};
constexpr std::array status_words{
    status_word{100, "Continue"},
    status_word{200, "OK"},
    status_word{201, "Created"},
    status_word{202, "Accepted"},
    status_word{204, "No Content"},
    status_word{206, "Partial Content"},
    status_word{301, "Moved Permanently"},
    status_word{302, "Found"},
    status_word{303, "See Other"},
    status_word{304, "Not Modified"},
    status_word{307, "Temporary Redirect"},
    status_word{308, "Permanent Redirect"},
    status_word{400, "Bad Request"},
    status_word{401, "Unauthorized"},
    status_word{403, "Forbidden"},
    status_word{404, "Not Found"},
    status_word{405, "Method Not Allowed"},
    status_word{406, "Not Acceptable"},
    status_word{408, "Request Timeout"},
    status_word{409, "Conflict"},
    status_word{410, "Gone"},
    status_word{412, "Precondition Failed"},
    status_word{413, "Content Too Large"},
    status_word{414, "URI Too Long"},
    status_word{415, "Unsupported Media Type"},
    status_word{417, "Expectation Failed"},
    status_word{422, "Unprocessable Content"},
    status_word{428, "Precondition Required"},
    status_word{429, "Too Many Requests"},
    status_word{431, "Request Header Fields Too Large"},
    status_word{500, "Internal Server Error"},
    status_word{501, "Not Implemented"},
    status_word{502, "Bad Gateway"},
    status_word{503, "Service Unavailable"},
    status_word{504, "Gateway Timeout"},
    status_word{505, "HTTP Version Not Supported"},
    status_word{507, "Insufficient Storage"},
};

response with_type(std::string body, std::string media_type, int status) {
  return {status, {{"Content-Type", std::move(media_type)}}, std::move(body)};
}

nlohmann::ordered_json members_of(problem const& p) {
  nlohmann::ordered_json object{{"code", p.code}, {"detail", p.detail}};
  if (!p.where.empty()) object["where"] = p.where;
  if (!p.mend.empty()) object["mend"] = p.mend;
  return object;
}

// Texts may quote what a caller sent: bytes that are no UTF-8 are replaced, never thrown about.
std::string dumped(nlohmann::ordered_json const& object) {
  return object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

bool is_cookie_octet(char c) { return c > ' ' && c < '\x7f' && c != '"' && c != ',' && c != ';' && c != '\\'; }

void refuse_uncarriable(cookie const& c) {
  bool const name_fits = !c.name.empty() && std::ranges::all_of(c.name, is_cookie_octet) &&
                         c.name.find_first_of("=()<>@:/[]?{}") == std::string::npos;
  if (!name_fits || !std::ranges::all_of(c.value, is_cookie_octet) || !std::ranges::all_of(c.path, is_cookie_octet)) {
    throw std::invalid_argument("cookie " + c.name + " holds characters that a cookie cannot carry");
  }
}

}  // namespace

std::string_view reason_phrase(int status) {
  auto const found = std::ranges::find(status_words, status, &status_word::status);
  return found == status_words.end() ? std::string_view{} : found->phrase;
}

response json(std::string body, int status) { return with_type(std::move(body), "application/json", status); }
response html(std::string body, int status) { return with_type(std::move(body), "text/html; charset=utf-8", status); }
response text(std::string body, int status) { return with_type(std::move(body), "text/plain; charset=utf-8", status); }
response bytes(std::string body, std::string media_type, int status) {
  return with_type(std::move(body), std::move(media_type), status);
}
response streamed(std::shared_ptr<byte_source const> body, std::string media_type) {
  auto answer = with_type({}, std::move(media_type), 200);
  answer.stream = std::move(body);
  return answer;
}
response no_content() { return {204, {}, {}}; }
response see_other(std::string location) { return {303, {{"Location", std::move(location)}}, {}}; }
response not_modified(std::string etag) { return {304, {{"ETag", std::move(etag)}}, {}}; }

response problem_response(int status, problem const& what, std::string_view instance) {
  return problem_response(status, problems{what}, instance);
}

response problem_response(int status, problems const& what, std::string_view instance) {
  problem const first =
      what.empty() ? problem{"http.status", std::string{reason_phrase(status)}, "", ""} : what.front();
  nlohmann::ordered_json object{
      {"type", "urn:ehds:problem:" + first.code}, {"title", std::string{reason_phrase(status)}}, {"status", status}};
  object.update(members_of(first));
  if (!instance.empty()) object["instance"] = std::string{instance};
  if (what.size() > 1) {
    auto& all = object["problems"] = nlohmann::ordered_json::array();
    for (auto const& p : what) all.push_back(members_of(p));
  }
  return with_type(dumped(object), "application/problem+json", status);
}

void set_cookie(response& answer, cookie const& c) {
  refuse_uncarriable(c);
  auto line = c.name + "=" + c.value + "; Path=" + c.path + "; SameSite=" + c.same_site;
  if (c.max_age_seconds >= 0) line += "; Max-Age=" + std::to_string(c.max_age_seconds);
  if (c.secure) line += "; Secure";
  if (c.http_only) line += "; HttpOnly";
  answer.headers.add("Set-Cookie", std::move(line));
}

}  // namespace ehds::node::http
