#pragma once
// What we answer: plain values and small makers. The server adds Date, Content-Length and Connection.
#include <memory>
#include <string>
#include <string_view>

#include "base/byte_source.hpp"
#include "base/problem.hpp"
#include "node/http/headers.hpp"

namespace ehds::node::http {

struct response {
  int status = 200;
  http::headers headers;
  std::string body;
  std::shared_ptr<byte_source const> stream = {};  // instead of body: read on a worker, piece by piece, as it leaves
};

std::string_view reason_phrase(int status);  // "Not Found"; empty for an unknown status

response json(std::string body, int status = 200);  // body is JSON text already
response html(std::string body, int status = 200);
response text(std::string body, int status = 200);
response bytes(std::string body, std::string media_type, int status = 200);
response streamed(std::shared_ptr<byte_source const> body, std::string media_type);
response no_content();                     // 204
response see_other(std::string location);  // 303: after a form was taken
response not_modified(std::string etag);   // 304

// application/problem+json (RFC 9457): type urn:ehds:problem:<code>, title (the reason phrase), status,
// detail, instance (when given), and our own members code, where, mend.
response problem_response(int status, problem const& what, std::string_view instance = {});
// Several findings: the first one leads, all stand in the member "problems".
response problem_response(int status, problems const& what, std::string_view instance = {});

struct cookie {
  std::string name;
  std::string value;
  std::string path = "/";
  int max_age_seconds = -1;  // -1: until the browser closes; 0: forget it now
  bool secure = true;
  bool http_only = true;
  std::string same_site = "Lax";  // Lax, Strict or None
};
// Adds a Set-Cookie field (RFC 6265 4.1). Throws std::invalid_argument when name or value hold characters
// that a cookie cannot carry: encode them first.
void set_cookie(response& answer, cookie const& c);

}  // namespace ehds::node::http
