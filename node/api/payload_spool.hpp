#pragma once
// A large body on its way straight into the payload store, where it stays if somebody keeps it.
#include <memory>

#include "node/api/rooms.hpp"
#include "node/http/body_spool.hpp"
#include "node/store/database.hpp"
#include "node/store/payload_store.hpp"

namespace ehds::node::api {

class payload_spool final : public http::body_spool {
 public:
  explicit payload_spool(std::unique_ptr<store::growing_payload> payload) : payload_(std::move(payload)) {}
  byte_sink& sink() override { return *payload_; }
  byte_source const& source() const override { return *payload_; }
  std::unique_ptr<store::growing_payload> take() { return std::move(payload_); }

 private:
  std::unique_ptr<store::growing_payload> payload_;
};

inline result<std::unique_ptr<http::body_spool>> spool(rooms const& house) {
  auto payload = house.db->payloads().begin();
  if (!payload) return std::move(payload).error();
  return std::unique_ptr<http::body_spool>(std::make_unique<payload_spool>(*std::move(payload)));
}

}  // namespace ehds::node::api
