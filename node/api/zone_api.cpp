// The internal side: the data zone pulls queries and hands released tables back. It is reached over mutual TLS only,
// and the certificate's name says which zone it is; nothing here is on the public side.
#include <nlohmann/json.hpp>

#include "node/api/answers.hpp"
#include "node/api/surfaces.hpp"
#include "node/federation/jobs.hpp"
#include "node/federation/zone_line.hpp"

namespace ehds::node::api {
namespace {

using nlohmann::json;

// Is this distinguished name (RFC 2253) the one of our zone's HTTPS certificate? One whole part must be exactly that
// name: parts end at a comma that is not escaped, and an escaped one stays in its part.
bool is_our_zone(std::string_view subject, std::string const& node_id) {
  std::string const wanted = "CN=" + node_id + "-data tls";
  std::string part;
  for (std::size_t i = 0; i <= subject.size(); ++i) {
    bool const escaped = i + 1 < subject.size() && subject[i] == '\\';
    bool const ends = i == subject.size() || (!escaped && (subject[i] == ',' || subject[i] == '+'));
    if (ends) {
      if (part == wanted) return true;
      part.clear();
    } else if (escaped) {
      part += subject.substr(i++, 2);
    } else {
      part += subject[i];
    }
  }
  return false;
}

// The listener has checked the certificate against the CA of this node's zones.
result<std::string> zone_of(rooms const& house, http::request const& asked) {
  if (!asked.certificate)
    return problem{
        "api.unauthenticated", "the data zone shows its certificate", {}, "connect with the zone's client certificate"};
  if (!is_our_zone(asked.certificate->subject, house.self.id))
    return problem{"api.forbidden", "this certificate is not that of this node's data zone", {}, {}};
  return house.self.id + "-data";
}

http::response start(rooms& house, http::request const& asked) {
  auto const zone = zone_of(house, asked);
  if (!zone) return refuse(zone.error());
  auto const done = house.jobs->give_back(*zone);
  return done ? http::no_content() : refuse(done.error());
}

http::response next_job(rooms& house, std::string const& zone) {
  auto const job = house.jobs->lease(zone);
  if (!job) return refuse(job.error());
  if (!*job) return http::no_content();
  auto const& found = **job;
  return answer_json({{"job", found.id}, {"query", found.query}, {"caller", found.caller}, {"permit", found.permit}});
}

// A zone opens no port, so nobody can move its clock: in a rehearsal it follows ours.
http::response pull(rooms& house, http::request const& asked) {
  auto const zone = zone_of(house, asked);
  if (!zone) return refuse(zone.error());
  auto answer = next_job(house, *zone);
  if (house.clock_shift)
    answer.headers.set(std::string(federation::clock_shift_header), std::to_string(house.clock_shift().count()));
  return answer;
}

http::response hand_back(rooms& house, http::request const& asked) {
  if (auto const zone = zone_of(house, asked); !zone) return refuse(zone.error());
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  federation::zone_answer answer{text_in(*body, "job"), federation::zone_outcome::failed, text_in(*body, "table"),
                                 text_in(*body, "reason")};
  auto const outcome = text_in(*body, "outcome");
  if (outcome == "released") answer.outcome = federation::zone_outcome::released;
  if (outcome == "refused") answer.outcome = federation::zone_outcome::refused;
  auto const done = house.jobs->hand_back(answer);
  if (!done) return refuse(done.error());
  house.nudge();
  return http::no_content();
}

}  // namespace

std::vector<http::route> zone_routes(rooms& house) {
  constexpr std::size_t table_bytes = 4 * 1024 * 1024;
  return {{"POST", "/zone/start", [&house](auto& asked) { return start(house, asked); }},
          {"POST", "/zone/pull", [&house](auto& asked) { return pull(house, asked); }},
          {"POST", "/zone/answers", [&house](auto& asked) { return hand_back(house, asked); }, table_bytes}};
}

}  // namespace ehds::node::api
