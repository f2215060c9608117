#include "node/federation/zone_line.hpp"

#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::federation {
namespace {

using nlohmann::json;

problem edge_trouble(std::string detail) {
  return {"federation.edge", std::move(detail), {}, "look whether the edge runs and trusts this zone's certificate"};
}

http_call_request post_to(std::string url, json const& body) {
  http_call_request request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers = {{"Content-Type", "application/json"}};
  request.body = body.dump();
  return request;
}

std::string_view word_for(zone_outcome outcome) {
  switch (outcome) {
    case zone_outcome::released:
      return "released";
    case zone_outcome::refused:
      return "refused";
    case zone_outcome::failed:
      break;
  }
  return "failed";
}

void tell_clock(http_call_response const& answer, clock_follower const& follow) {
  auto const shift = parse_number<std::int64_t>(answer.header(clock_shift_header));
  if (shift && *shift >= 0 && follow) follow(std::chrono::milliseconds{*shift});
}

result<void> start_over_http(http_call& wire, std::string const& url) {
  auto const answer = wire.call(post_to(url + "/zone/start", json::object()));
  if (!answer) return edge_trouble("the edge cannot be reached: " + answer.error().detail);
  if (answer->status != 204) return edge_trouble("the edge answered " + std::to_string(answer->status));
  return {};
}

result<std::optional<pulled_job>> pull_over_http(http_call& wire, std::string const& url,
                                                 clock_follower const& follow) {
  auto const answer = wire.call(post_to(url + "/zone/pull", json::object()));
  if (!answer) return edge_trouble("the edge cannot be reached: " + answer.error().detail);
  if (answer->status == 204 || answer->status == 200) tell_clock(*answer, follow);
  if (answer->status == 204) return std::optional<pulled_job>{};
  auto const body = json::parse(answer->body, nullptr, false);
  if (answer->status != 200 || !body.is_object())
    return edge_trouble("the edge answered " + std::to_string(answer->status));
  auto const text = [&body](char const* member) {
    auto const found = body.find(member);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  return std::optional<pulled_job>{pulled_job{text("job"), text("query"), text("caller"), text("permit")}};
}

result<void> hand_back_over_http(http_call& wire, std::string const& url, zone_answer const& answer) {
  json const body{
      {"job", answer.job}, {"outcome", word_for(answer.outcome)}, {"table", answer.table}, {"reason", answer.reason}};
  auto const taken = wire.call(post_to(url + "/zone/answers", body));
  if (!taken) return edge_trouble("the edge cannot be reached: " + taken.error().detail);
  if (taken->status != 204) return edge_trouble("the edge did not take the answer: " + std::to_string(taken->status));
  return {};
}

}  // namespace

zone_line line_in_process(jobs& edge, std::string const& zone) {
  return {[&edge, zone] { return edge.give_back(zone); }, [&edge, zone] { return edge.lease(zone); },
          [&edge](zone_answer const& answer) { return edge.hand_back(answer); }};
}

zone_line line_over_http(http_call& wire, std::string const& edge_url, clock_follower follow) {
  return {[&wire, edge_url] { return start_over_http(wire, edge_url); },
          [&wire, edge_url, follow = std::move(follow)] { return pull_over_http(wire, edge_url, follow); },
          [&wire, edge_url](zone_answer const& answer) { return hand_back_over_http(wire, edge_url, answer); }};
}

result<bool> serve_once(zone_line const& line, zone_runner& runner) {
  auto const job = line.pull();
  if (!job) return job.error();
  if (!*job) return false;
  auto const answer = runner.run(**job);
  store::fail_point("zone.before_hand_back");
  if (auto const taken = line.hand_back(answer); !taken) return taken.error();
  return true;
}

}  // namespace ehds::node::federation
