#include "node/pages/page_files.hpp"

#include "base/bytes.hpp"
#include "node/http/negotiation.hpp"
#include "node/pages/shipped.hpp"
#include "node/pages/visit.hpp"

namespace ehds::node::pages {
namespace {

constexpr std::string_view template_folder = "templates/";
constexpr std::string_view template_ending = ".html";

std::string media_type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "application/octet-stream";
}

http::response serve(http::request const& asked) {
  auto const name = asked.parameter("file");
  auto const content = shipped_page_file("static/" + std::string(name));
  if (!content) return http::problem_response(404, {"api.not_found", "There is no such file.", {}, {}});
  auto const tag = http::strong_etag(*content);
  auto answer =
      http::has_current(asked, tag) ? http::not_modified(tag) : http::bytes(std::string(*content), media_type_of(name));
  answer.headers.set("ETag", tag);
  answer.headers.set("Cache-Control", "public, max-age=86400");
  return visit::with_policy(std::move(answer));
}

}  // namespace

template_set const& page_templates() {
  static template_set const all = [] {
    template_set read;
    for (auto const path : shipped_page_file_names()) {
      if (!path.starts_with(template_folder)) continue;
      auto name = path.substr(template_folder.size());
      name.remove_suffix(template_ending.size());
      read.add(std::string(name), shipped_page_file(path).value());
    }
    return read;
  }();
  return all;
}

std::string static_address(std::string_view name) {
  auto const content = shipped_page_file("static/" + std::string(name)).value();
  return "/static/" + std::string(name) + "?v=" + sha256_hex(content).substr(0, 12);
}

http::route static_files() { return {"GET", "/static/{file}", serve}; }

}  // namespace ehds::node::pages
