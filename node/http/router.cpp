#include "node/http/router.hpp"

#include "base/slips.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace ehds::node::http {

namespace {

constexpr std::size_t limit_where_nothing_fits = 64 * 1024;

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  while (true) {
    auto const end = std::min(path.find('/'), path.size());
    segments.emplace_back(path.substr(0, end));
    if (end == path.size()) return segments;
    path.remove_prefix(end + 1);
  }
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }
bool is_tail(std::string_view segment) { return is_parameter(segment) && segment.ends_with("...}"); }

std::string_view parameter_name(std::string_view segment) {
  auto const name = segment.substr(1, segment.size() - 2);
  return is_tail(segment) ? name.substr(0, name.size() - 3) : name;
}

bool fits(std::vector<std::string> const& pattern, std::vector<std::string> const& asked) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (i >= asked.size()) return false;
    if (is_tail(pattern[i])) return true;
    if (is_parameter(pattern[i]) ? asked[i].empty() : pattern[i] != asked[i]) return false;
  }
  return pattern.size() == asked.size();
}

// Fixed before parameter before tail, from the left: which of two fitting patterns says more.
std::string rank(std::vector<std::string> const& pattern) {
  std::string key;
  for (auto const& s : pattern) key += is_tail(s) ? 'c' : is_parameter(s) ? 'b' : 'a';
  return key;
}

std::string shape_of(std::vector<std::string> const& pattern) {
  std::string shape;
  for (auto const& s : pattern) shape += "/" + (is_tail(s) ? "{...}" : is_parameter(s) ? "{}" : s);
  return shape;
}

void refuse_malformed(std::string const& pattern, std::vector<std::string> const& segments) {
  bool wrong = !pattern.starts_with('/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    auto const& s = segments[i];
    wrong = wrong || (is_tail(s) && i + 1 != segments.size());
    wrong = wrong || (is_parameter(s) ? parameter_name(s).empty() : s.find_first_of("{}") != std::string::npos);
  }
  if (wrong) throw std::invalid_argument("route pattern " + pattern + " is malformed");
}

result<fields> parameters_of(std::vector<std::string> const& pattern, std::vector<std::string> const& asked) {
  fields found;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!is_parameter(pattern[i])) continue;
    auto raw = asked[i];
    if (is_tail(pattern[i])) {
      for (std::size_t k = i + 1; k < asked.size(); ++k) raw += "/" + asked[k];
    }
    auto decoded = percent_decode(raw);
    if (!decoded) return decoded.error();
    found.add(std::string{parameter_name(pattern[i])}, *std::move(decoded));
  }
  return found;
}

response allow_only(std::set<std::string> const& methods, int status) {
  auto const allowed = listed(methods);
  if (status == 204) return {204, {{"Allow", allowed}}, {}};
  auto answer = problem_response(
      status, problem{"http.method", "This address does not take that method.", "", "Use one of: " + allowed + "."});
  answer.headers.set("Allow", allowed);
  return answer;
}

}  // namespace

struct router::match {
  entry const* best = nullptr;
  std::vector<std::string> asked;
  std::set<std::string> methods;  // that some fitting pattern takes
};

router::router(std::vector<route> table) {
  for (auto& r : table) add(std::move(r));
}

void router::add(route r) {
  auto segments = segments_of(r.pattern);
  refuse_malformed(r.pattern, segments);
  auto const taken = [&](entry const& e) {
    return e.shape.method == r.method && shape_of(e.segments) == shape_of(segments);
  };
  if (std::ranges::any_of(table_, taken)) {
    throw std::invalid_argument("route " + r.method + " " + r.pattern + " is already taken");
  }
  table_.push_back({std::move(r), std::move(segments)});
}

void router::around(std::function<response(request const&, handler const&)> wrap) { wraps_.push_back(std::move(wrap)); }

router::match router::find(std::string_view method, std::string_view path) const {
  match found;
  found.asked = segments_of(path);
  auto const wanted = method == "HEAD" ? std::string_view{"GET"} : method;
  for (auto const& e : table_) {
    if (!fits(e.segments, found.asked)) continue;
    found.methods.insert(e.shape.method);
    if (e.shape.method == "GET") found.methods.insert("HEAD");
    if (e.shape.method != wanted) continue;
    if (found.best == nullptr || rank(e.segments) < rank(found.best->segments)) found.best = &e;
  }
  return found;
}

response router::dispatch(request const& asked) const {
  auto const found = find(asked.method, asked.path);
  if (found.best == nullptr && found.methods.empty()) {
    auto const* const mend = find("GET", "/openapi.json").best == nullptr
                                 ? "Check the address; another door of the node may have it."
                                 : "Check the address; /openapi.json lists those of the API.";
    return problem_response(404, problem{"http.not_found", "There is nothing at this address.", "", mend}, asked.path);
  }
  if (found.best == nullptr) return allow_only(found.methods, asked.method == "OPTIONS" ? 204 : 405);
  auto parameters = parameters_of(found.best->segments, found.asked);
  if (!parameters) return problem_response(400, parameters.error(), asked.path);
  if (parameters->empty()) return found.best->shape.answer(asked);
  auto with_parameters = asked;
  with_parameters.parameters = *std::move(parameters);
  return found.best->shape.answer(with_parameters);
}

response router::answer(request const& asked) const {
  handler next = [this](request const& r) { return dispatch(r); };
  for (auto const& wrap : wraps_) {
    next = [&wrap, inner = std::move(next)](request const& r) { return wrap(r, inner); };
  }
  return next(asked);
}

std::size_t router::body_limit(std::string_view method, std::string_view path) const {
  auto const found = find(method, path);
  return found.best == nullptr ? limit_where_nothing_fits : found.best->shape.body_limit;
}

spool_maker router::spool_for(std::string_view method, std::string_view path) const {
  auto const found = find(method, path);
  return found.best == nullptr ? spool_maker{} : found.best->shape.spool;
}

std::string router::pattern_of(std::string_view method, std::string_view path) const {
  auto const found = find(method, path);
  return found.best == nullptr ? std::string{} : found.best->shape.pattern;
}

std::vector<std::pair<std::string, std::string>> router::listing() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (auto const& e : table_) all.emplace_back(e.shape.method, e.shape.pattern);
  return all;
}

application router::as_application() const {
  return {[this](request const& r) { return answer(r); },
          [this](std::string_view method, std::string_view path) { return body_limit(method, path); },
          [this](std::string_view method, std::string_view path) { return spool_for(method, path); }};
}

}  // namespace ehds::node::http
