// The AS4 endpoint. Everything about the message is the dispatcher's; here it is a body and an answer.
#include "edelivery/receiver/receiver.hpp"
#include "node/api/surfaces.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/store/payload_store.hpp"

namespace ehds::node::api {
namespace {

// A large message goes straight to the payload store, where it stays if it is taken.
class payload_spool final : public http::body_spool {
 public:
  explicit payload_spool(std::unique_ptr<store::growing_payload> payload) : payload_(std::move(payload)) {}
  byte_sink& sink() override { return *payload_; }
  byte_source const& source() const override { return *payload_; }
  std::unique_ptr<store::growing_payload> take() { return std::move(payload_); }

 private:
  std::unique_ptr<store::growing_payload> payload_;
};

result<std::unique_ptr<http::body_spool>> spool(rooms& house) {
  auto payload = house.db->payloads().begin();
  if (!payload) return std::move(payload).error();
  return std::unique_ptr<http::body_spool>(std::make_unique<payload_spool>(*std::move(payload)));
}

edelivery::reply take(rooms& house, http::request const& asked) {
  auto const type = asked.header("Content-Type");
  auto* const spooled = dynamic_cast<payload_spool*>(asked.spooled.get());
  return spooled == nullptr ? house.messages->receive(type, asked.body)
                            : house.messages->receive(type, spooled->take());
}

http::response receive(rooms& house, http::request const& asked) {
  auto reply = take(house, asked);
  house.nudge();
  return http::bytes(std::move(reply.body), std::move(reply.content_type), reply.status);
}

}  // namespace

std::vector<http::route> message_routes(rooms& house) {
  return {{"POST", "/as4", [&house](auto& asked) { return receive(house, asked); }, house.message_bytes,
           [&house] { return spool(house); }}};
}

}  // namespace ehds::node::api
