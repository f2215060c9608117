// The AS4 endpoint. Everything about the message is the dispatcher's; here it is a body and an answer.
#include "edelivery/receiver/receiver.hpp"
#include "node/api/surfaces.hpp"
#include "node/exchange/dispatcher.hpp"

namespace ehds::node::api {
namespace {

http::response receive(rooms& house, http::request const& asked) {
  auto reply = house.messages->receive(asked.header("Content-Type"), asked.body);
  house.nudge();
  return http::bytes(std::move(reply.body), std::move(reply.content_type), reply.status);
}

}  // namespace

std::vector<http::route> message_routes(rooms& house) {
  return {{"POST", "/as4", [&house](auto& asked) { return receive(house, asked); }, house.message_bytes}};
}

}  // namespace ehds::node::api
