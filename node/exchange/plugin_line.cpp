#include "node/exchange/plugin_line.hpp"

#include <utility>

#include "base/bytes.hpp"
#include "edelivery/backend/retrieved_stream.hpp"

namespace ehds::node::exchange {
namespace {

namespace plugin = edelivery::backend;

constexpr std::string_view soap_type = "application/soap+xml; charset=utf-8";
constexpr std::size_t short_answer = 4 * 1024 * 1024;

// The page of a proxy, or a refusal before the plug-in: its status says the most. What our own disk does is nothing
// that the Domibus said.
problem no_answer(int status, problem const& why) {
  if (why.code.starts_with("store.")) return why;
  auto mend = status == 401 || status == 403 ? "Check user and password of the access point."
                                             : "Check that the address is that of the WS plug-in of a Domibus.";
  return {"exchange.plugin.answer",
          "HTTP " + std::to_string(status) + " without an answer of the WS plug-in: " + why.detail, why.where, mend};
}

}  // namespace

result<edelivery::mime_layout> lay_out_plugin(std::string_view content_type, byte_source const& body) {
  edelivery::mime_limits limits;
  limits.bytes = body.size();
  limits.parts = 129;
  return edelivery::lay_out_mime(content_type, body, limits, {"application/xop+xml", "application/soap+xml", false});
}

retrieved_answer::retrieved_answer(std::unique_ptr<byte_source const> body, edelivery::mime_layout layout,
                                   std::unique_ptr<byte_source const> envelope, plugin::retrieved_message message)
    : body_(std::move(body)),
      layout_(std::move(layout)),
      envelope_(std::move(envelope)),
      message_(std::move(message)) {}

result<void> retrieved_answer::copy(plugin::carried_payload const& payload, byte_sink& into) const {
  if (!payload.base64.empty())
    return plugin::decode_base64(source_range(*envelope_, payload.base64.at, payload.base64.size), into);
  if (payload.attachment.empty()) return into.add(payload.bytes);
  for (auto const& part : layout_.parts) {
    if (!plugin::is_included(payload.attachment, part.content_id)) continue;
    auto const content = edelivery::content_of(*body_, part);
    if (!content) return content.error();
    return each_piece(**content, [&](std::string_view piece) { return into.add(piece); });
  }
  return problem{"edelivery.backend.payload", "an xop:Include names a MIME part that is not there", payload.payload_id,
                 ""};
}

result<http_call_response> plugin_line::post(http_call_request request, std::string content_type,
                                             std::size_t most) const {
  request.method = "POST";
  request.url = terms_.url;
  request.response_limit = most;
  request.headers = {{"Content-Type", std::move(content_type)}};
  if (!terms_.user.empty())
    request.headers.push_back({"Authorization", "Basic " + to_base64(terms_.user + ":" + terms_.password)});
  return wire_.call(request);
}

namespace {

result<plugin::plugin_answer> read(http_call_response const& answer) {
  memory_source const body(answer.body);
  auto const layout = lay_out_plugin(answer.header("Content-Type"), body);
  if (!layout) return no_answer(answer.status, layout.error());
  auto const envelope = edelivery::content_of(body, layout->root);
  if (!envelope) return no_answer(answer.status, envelope.error());
  string_sink text;
  if (auto const held = each_piece(**envelope, [&](auto piece) { return text.add(piece); }); !held) return held.error();
  auto said = plugin::read_answer(text.text);
  if (!said) return no_answer(answer.status, said.error());
  return said;
}

}  // namespace

result<plugin::plugin_answer> plugin_line::ask(std::string envelope, std::chrono::milliseconds patience) const {
  http_call_request request;
  request.body = std::move(envelope);
  request.timeout = patience;
  auto const answer = post(std::move(request), std::string(soap_type), short_answer);
  return answer ? read(*answer) : answer.error();
}

result<plugin::plugin_answer> plugin_line::submit(edelivery::user_message const& header,
                                                  plugin::processing_type processing,
                                                  std::vector<std::unique_ptr<byte_source>> parts,
                                                  std::chrono::milliseconds patience) const {
  auto texts = plugin::write_submission(header, processing);
  if (!texts) return std::move(texts).error();
  plugin::retrieved_stream const body(std::move(texts->texts), std::move(parts), plugin::payload_form::as_they_are);
  http_call_request request;
  request.timeout = patience;
  request.stream = streamed(body);
  auto const answer = post(std::move(request), std::move(texts->content_type), short_answer);
  return answer ? read(*answer) : answer.error();
}

result<plugin_line::retrieved> plugin_line::retrieve(std::string_view message_id, std::chrono::milliseconds patience,
                                                     store::payload_store const& files) const {
  std::unique_ptr<store::growing_payload> file;
  http_call_request request;
  request.body = plugin::write_retrieval(message_id);
  request.timeout = patience;
  request.spool = [&]() -> result<byte_sink*> {
    auto made = files.begin();
    if (!made) return std::move(made).error();
    file = *std::move(made);
    return file.get();
  };
  auto answer = post(std::move(request), std::string(soap_type), text_limit(terms_.message_bytes));
  if (!answer) return std::move(answer).error();
  std::unique_ptr<byte_source const> body;
  if (answer->is_spooled)
    body = std::move(file);
  else
    body = std::make_unique<held_source>(std::move(answer->body));
  auto layout = lay_out_plugin(answer->header("Content-Type"), *body);
  if (!layout) return no_answer(answer->status, layout.error());
  auto envelope = edelivery::content_of(*body, layout->root);
  if (!envelope) return no_answer(answer->status, envelope.error());
  auto said = plugin::read_retrieved(**envelope);
  if (!said) return no_answer(answer->status, said.error());
  if (auto* const fault = std::get_if<plugin::plugin_fault>(&*said)) return retrieved{std::move(*fault)};
  return retrieved{std::make_unique<retrieved_answer>(std::move(body), *std::move(layout), *std::move(envelope),
                                                      std::get<plugin::retrieved_message>(*std::move(said)))};
}

}  // namespace ehds::node::exchange
