// The AS4 endpoint. Everything about the message is the dispatcher's; here it is a body and an answer.
#include "edelivery/receiver/receiver.hpp"
#include "node/api/payload_spool.hpp"
#include "node/api/surfaces.hpp"
#include "node/exchange/dispatcher.hpp"

namespace ehds::node::api {
namespace {

edelivery::reply take_message(rooms& house, http::request const& asked) {
  auto const type = asked.header("Content-Type");
  auto* const spooled = dynamic_cast<payload_spool*>(asked.spooled.get());
  // Whoever is at the other end of the connection: a header that names another address may be anybody's word.
  return spooled == nullptr ? house.messages->receive(type, asked.body, asked.peer_address)
                            : house.messages->receive(type, spooled->take(), asked.peer_address);
}

http::response receive(rooms& house, http::request const& asked) {
  auto reply = take_message(house, asked);
  house.nudge();
  if (reply.stream) return http::streamed(std::move(reply.stream), std::move(reply.content_type));
  auto answer = http::bytes(std::move(reply.body), std::move(reply.content_type), reply.status);
  if (answer.status == 503) answer.headers.set("Retry-After", "5");
  return answer;
}

}  // namespace

std::vector<http::route> message_routes(rooms& house) {
  return {{"POST", "/as4", [&house](auto& asked) { return receive(house, asked); }, house.message_bytes,
           [&house] { return spool(house); }}};
}

}  // namespace ehds::node::api
