#pragma once
// The line to the WS plug-in of the country's own Domibus, which is the access point of this node then
// (access_point.kind of the configuration). One call a question; what comes back is bounded and read, never believed to
// be more than what this Domibus says.
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/byte_source.hpp"
#include "base/http_call.hpp"
#include "edelivery/backend/plugin_client.hpp"
#include "edelivery/mime/multipart.hpp"
#include "node/store/payload_store.hpp"

namespace ehds::node::exchange {

struct plugin_terms {
  std::string url;   // .../services/wsplugin
  std::string user;  // of the plug-in; empty: it asks for none
  std::string password;
  std::size_t message_bytes = 64 * 1024 * 1024;  // of one message it hands over; its payloads may come in base64
};

// As long as the text of such a message may be.
constexpr std::size_t text_limit(std::size_t message_bytes) { return message_bytes / 3 * 4 + 4 * 1024 * 1024; }

// A message that the Domibus handed over, and the answer, or the push, in which its payloads lie: a large one is in a
// private file, which goes with it.
class retrieved_answer {
 public:
  // The envelope is a part of the body.
  retrieved_answer(std::unique_ptr<byte_source const> body, edelivery::mime_layout layout,
                   std::unique_ptr<byte_source const> envelope, edelivery::backend::retrieved_message message);

  edelivery::backend::retrieved_message const& message() const { return message_; }
  // Gives the payload to `into`, piece by piece. Problems edelivery.backend.payload, edelivery.mime.*, those of `into`
  // and of the private file.
  result<void> copy(edelivery::backend::carried_payload const& payload, byte_sink& into) const;

 private:
  std::unique_ptr<byte_source const> body_;
  edelivery::mime_layout const layout_;
  std::unique_ptr<byte_source const> envelope_;
  edelivery::backend::retrieved_message const message_;
};

// Bare, or with MTOM the root of a multipart: a Domibus with MTOM says everything so. Problems edelivery.mime.*.
result<edelivery::mime_layout> lay_out_plugin(std::string_view content_type, byte_source const& body);

class plugin_line {
 public:
  // The wire outlives the line. Safe to use from several threads as far as the wire is.
  plugin_line(http_call& wire, plugin_terms terms) : wire_(wire), terms_(std::move(terms)) {}

  // Problems: those of http_call, exchange.plugin.answer (no answer of a plug-in, with the HTTP status), those of
  // read_answer.
  result<edelivery::backend::plugin_answer> ask(std::string envelope, std::chrono::milliseconds patience) const;
  // The same for a message with the sources of its parts, read while it is sent.
  result<edelivery::backend::plugin_answer> submit(edelivery::user_message const& header,
                                                   edelivery::backend::processing_type processing,
                                                   std::vector<std::unique_ptr<byte_source>> parts,
                                                   std::chrono::milliseconds patience) const;
  using retrieved = std::variant<edelivery::backend::plugin_fault, std::unique_ptr<retrieved_answer>>;
  // A large answer comes piece by piece into a private file of the store: its problems too.
  result<retrieved> retrieve(std::string_view message_id, std::chrono::milliseconds patience,
                             store::payload_store const& files) const;

  plugin_terms const& terms() const { return terms_; }

 private:
  result<http_call_response> post(http_call_request request, std::string content_type, std::size_t most) const;

  http_call& wire_;
  plugin_terms const terms_;
};

}  // namespace ehds::node::exchange
