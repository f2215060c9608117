#pragma once
// One table of method, pattern and handler. Patterns are segments: "/datasets/{id}/history"; "{name}" takes one
// segment, a last "{name...}" takes the rest. Each segment is percent-decoded after the match, so an
// identifier may hold an encoded '/'. Fixed segments win over parameters. HEAD goes to GET. 404 when no
// pattern fits, 405 with Allow when only the method does not, OPTIONS answers Allow.
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "node/http/request.hpp"
#include "node/http/response.hpp"

namespace ehds::node::http {

// Runs on a worker thread, may block. What it throws becomes a 500 without details.
using handler = std::function<response(request const&)>;

// Answers requests and says how large a body may be before it is read. Both are called from several threads.
struct application {
  handler answer;
  std::function<std::size_t(std::string_view method, std::string_view path)> body_limit{};  // empty: the server's limit
  std::function<spool_maker(std::string_view method, std::string_view path)> spool{};       // empty: all in memory
};

struct route {
  std::string method;
  std::string pattern;
  handler answer;
  std::size_t body_limit = 1024 * 1024;  // bytes
  spool_maker spool{};                   // for large bodies; empty: they too are held in memory
};

class router {
 public:
  router() = default;
  explicit router(std::vector<route> table);

  // Throws std::invalid_argument when the pattern is malformed or already taken for that method.
  void add(route r);
  void add(std::string method, std::string pattern, handler answer) {
    add(route{std::move(method), std::move(pattern), std::move(answer)});
  }
  // Wraps every answer of this router (also 404 and 405): sessions, headers for all, logs. The last one added is
  // outermost. before(request, next) calls next or answers itself.
  void around(std::function<response(request const&, handler const& next)> wrap);

  response answer(request const& asked) const;
  std::size_t body_limit(std::string_view method, std::string_view path) const;  // 64 KiB when nothing fits
  spool_maker spool_for(std::string_view method, std::string_view path) const;   // empty when there is none
  // "/datasets/{id}" for "/datasets/x": the name of a route in metrics; empty when nothing fits.
  std::string pattern_of(std::string_view method, std::string_view path) const;
  std::vector<std::pair<std::string, std::string>> listing() const;  // method, pattern: for tests against OpenAPI

  application as_application() const;  // refers to *this, which must outlive it

 private:
  struct entry {
    route shape;
    std::vector<std::string> segments;
  };
  struct match;
  match find(std::string_view method, std::string_view path) const;
  response dispatch(request const& asked) const;

  std::vector<entry> table_;
  std::vector<std::function<response(request const&, handler const&)>> wraps_;
};

}  // namespace ehds::node::http
