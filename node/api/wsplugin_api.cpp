// The WS plug-in of Domibus as back ends know it: SOAP 1.2 on one address, the same messages as /api/messages. Who asks
// says it by Basic authentication, with a key of this node as password.
#include <algorithm>
#include <functional>
#include <tuple>
#include <variant>

#include "base/ids.hpp"
#include "edelivery/backend/retrieved_stream.hpp"
#include "edelivery/backend/wsplugin.hpp"
#include "edelivery/mime/multipart.hpp"
#include "node/api/answers.hpp"
#include "node/api/fault_words.hpp"
#include "node/api/gate.hpp"
#include "node/api/payload_spool.hpp"
#include "node/api/surfaces.hpp"
#include "node/exchange/back_end_box.hpp"
#include "node/exchange/notice_worker.hpp"
#include "node/exchange/submission.hpp"

namespace ehds::node::api {
namespace {

namespace plugin = edelivery::backend;

http::response fault(problem const& what) {
  auto const status = status_of(what);
  auto answer = answer_soap(plugin::write_fault(plugin::fault_code(what), fault_text(what)),
                            status == 401 || status == 403 || status == 503 ? status : 500);
  if (status == 401) answer.headers.set("WWW-Authenticate", "Basic realm=\"wsplugin\"");
  if (status == 503) answer.headers.set("Retry-After", "5");
  return answer;
}

// Each with its element and mend, under the code of the first.
problem one_of(problems const& found) {
  if (found.size() == 1) return found.front();
  problem all{found.front().code, {}, {}, {}};
  for (auto const& one : found) all.detail += (all.detail.empty() ? "" : " ") + fault_text(one);
  return all;
}

// One request on its way through.
struct asked_plugin {
  rooms& house;
  back_end_caller const& by;
  byte_source const& body;
  edelivery::mime_layout const& layout;
  byte_source const& envelope;  // a part of the body
};

// Said or left out, the P-Mode's roles are what leaves.
result<void> check_roles(edelivery::pmode const& mode, edelivery::user_message const& given) {
  for (auto const& [party, agreed, side] :
       {std::tuple(&given.from, &mode.initiator_role, "From"), std::tuple(&given.to, &mode.responder_role, "To")})
    if (!party->role.empty() && party->role != *agreed)
      return problem{"exchange.submission.pmode", "The P-Mode '" + mode.id + "' has another role here.",
                     std::string("UserMessage/PartyInfo/") + side + "/Role",
                     "Write " + *agreed + ", or leave it out: the P-Mode has it."};
  return {};
}

// What only Domibus's own header says, held to the P-Mode.
result<void> check_way(edelivery::pmode const& mode, plugin::submit_request const& given) {
  auto const& channel = mode.mpc.empty() ? std::string(edelivery::default_mpc) : mode.mpc;
  if (!given.header.mpc.empty() && given.header.mpc != channel)
    return problem{"exchange.submission.pmode", "The P-Mode '" + mode.id + "' has another channel.", "UserMessage/@mpc",
                   "Leave it out: the P-Mode has it."};
  bool const is_pulled = mode.is_pulled_by_partner();
  if (!given.processing || (*given.processing == plugin::processing_type::pull) == is_pulled) return {};
  return problem{"exchange.submission.pmode",
                 "Under the P-Mode '" + mode.id + (is_pulled ? "' the partner fetches." : "' we call the partner."),
                 "UserMessage/ProcessingType",
                 std::string(is_pulled ? "Write PULL" : "Write PUSH") + ", or leave it out: the P-Mode has it."};
}

// A long one in base64 is undone into a private file, which goes when it was copied.
result<std::unique_ptr<byte_source>> undone(asked_plugin const& asked, plugin::text_stretch const& base64) {
  auto file = asked.house.db->payloads().begin();
  if (!file) return std::move(file).error();
  auto const done = plugin::decode_base64(source_range(asked.envelope, base64.at, base64.size), **file);
  if (!done) return done.error();
  return std::unique_ptr<byte_source>(*std::move(file));
}

result<std::unique_ptr<byte_source>> bytes_of(asked_plugin const& asked, plugin::carried_payload const& payload) {
  if (!payload.base64.empty()) return undone(asked, payload.base64);
  if (payload.attachment.empty()) return std::unique_ptr<byte_source>(std::make_unique<memory_source>(payload.bytes));
  for (auto const& part : asked.layout.parts)
    if (plugin::is_included(payload.attachment, part.content_id)) return edelivery::content_of(asked.body, part);
  return problem{"edelivery.backend.payload", "An xop:Include names a MIME part that is not there.",
                 plugin::place_of_payload(payload.payload_id) + "/value",
                 "give the href as cid: and the Content-ID of a MIME part"};
}

http::response answer(asked_plugin const& asked, plugin::submit_request const& given) {
  auto const mode = asked.house.messages->book().for_submitted(given.header);
  if (!mode) return fault(mode.error());
  auto const fits = check_roles(**mode, given.header).and_then([&] { return check_way(**mode, given); });
  if (!fits) return fault(fits.error());
  exchange::submission message;
  message.caller = asked.by.who.id;
  message.back_end = asked.by.back_end;
  // A back end that names its message may hand it over again.
  message.idempotency_key = given.header.message_id.empty() ? random_uuid() : "message " + given.header.message_id;
  message.pmode_id = (*mode)->id;
  message.action = given.header.action;
  message.message_id = given.header.message_id;
  message.conversation_id = given.header.conversation_id;
  message.ref_to_message_id = given.header.ref_to_message_id;
  message.properties = given.header.properties;
  std::vector<std::unique_ptr<byte_source>> sources;
  for (auto const& payload : given.payloads) {
    auto bytes = bytes_of(asked, payload);
    if (!bytes) return fault(bytes.error());
    auto const type = payload.mime_type.empty() ? std::string("application/octet-stream") : payload.mime_type;
    message.parts.push_back({payload.payload_id, type, payload.character_set, payload.properties,
                             sources.emplace_back(*std::move(bytes)).get()});
  }
  auto const taken = exchange::submit(*asked.house.messages, message);
  if (!taken) return fault(one_of(taken.error()));
  asked.house.nudge();
  return answer_soap(plugin::write_submitted(taken->message_id));
}

std::string property(edelivery::user_message const& header, std::string_view name) {
  for (auto const& one : header.properties)
    if (one.name == name) return one.value;
  return {};
}

bool is_wanted(plugin::pending_request const& wanted, exchange::box_message const& message) {
  auto const is = [](std::string const& asked, std::string const& has) { return asked.empty() || asked == has; };
  auto const& header = message.header;
  return is(wanted.message_id, header.message_id) && is(wanted.conversation_id, header.conversation_id) &&
         is(wanted.ref_to_message_id, header.ref_to_message_id) && is(wanted.from_party_id, header.from.id) &&
         is(wanted.final_recipient, property(header, "finalRecipient")) &&
         is(wanted.original_sender, property(header, "originalSender")) &&
         (!wanted.received_from || *wanted.received_from <= message.entry.at) &&
         (!wanted.received_to || message.entry.at <= *wanted.received_to);
}

http::response answer(asked_plugin const& asked, plugin::pending_request const& wanted) {
  constexpr std::size_t most = 500;
  std::vector<std::string> ids;
  exchange::box_filter filter{.back_end = asked.by.back_end, .count = most};
  for (bool more = true; more && ids.size() < most;) {
    auto const page = asked.house.db->read([&](store::reading& now) { return exchange::waiting(now, filter); });
    for (auto const& one : page)
      if (is_wanted(wanted, one) && ids.size() < most) ids.push_back(one.header.message_id);
    more = !page.empty();
    if (more) filter.after = page.back().entry.seq;
  }
  return answer_soap(plugin::write_pending(ids));
}

// Its webhook is what a push is here.
http::response answer(asked_plugin const& asked, plugin::push_failed_request const& wanted) {
  constexpr std::size_t most = 500;
  auto const ids = asked.house.db->read([&](store::reading& now) {
    auto untold = exchange::untold_messages(now, asked.by.back_end, most);
    std::erase_if(untold, [&](std::string const& id) {
      auto const message = exchange::find_in_box(now, id, asked.by.back_end);
      return !message || !is_wanted(wanted, *message);
    });
    return untold;
  });
  return answer_soap(plugin::write_push_failed(ids));
}

http::response answer(asked_plugin const& asked, plugin::push_again_request const& wanted) {
  auto const done = asked.house.db->commit([&](store::transaction& tx) -> result<void> {
    constexpr std::size_t most = 10'000;
    auto const untold = exchange::untold_messages(tx, asked.by.back_end, most);
    for (auto const& id : wanted.message_ids)
      if (std::ranges::find(untold, id) == untold.end())
        return problem{"exchange.push.none", "The message [" + id + "] is not in the list of push failed messages",
                       "rePushFailedMessagesRequest/messageID", "listPushFailedMessagesRequest gives the list"};
    if (!wanted.message_ids.empty())
      exchange::tell_again(tx, asked.by.back_end, wanted.message_ids, asked.house.wall->now());
    return {};
  });
  if (!done) return fault(done.error());
  asked.house.nudge();
  return answer_soap(plugin::write_pushed_again());
}

problem no_message(std::string const& id) {
  return {"exchange.message.unknown", "No message with id [" + id + "] found", {}, {}};
}

result<void> mark(rooms const& house, back_end_caller const& by, std::string const& id) {
  return house.db->commit([&](store::transaction& tx) {
    return exchange::mark_processed(tx, id, by.back_end, by.who.id, house.wall->now());
  });
}

// Marks its message when the last bytes are about to leave: what was cut on its way is still pending.
class marking_stream final : public byte_source {
 public:
  marking_stream(std::unique_ptr<byte_source> whole, std::function<result<void>()> mark)
      : whole_(std::move(whole)), mark_(std::move(mark)) {}
  std::uint64_t size() const override { return whole_->size(); }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override {
    auto const piece = whole_->look(at, most, space);
    if (!piece || at + piece->size() < size()) return piece;
    if (auto const done = mark_(); !done) return done.error();
    return piece;
  }

 private:
  std::unique_ptr<byte_source> whole_;
  std::function<result<void>()> mark_;
};

// Who asks by MTOM is answered so: without a third more bytes.
plugin::payload_form form_for(asked_plugin const& asked) {
  return asked.layout.root.media_type == "application/xop+xml" ? plugin::payload_form::as_they_are
                                                               : plugin::payload_form::base64;
}

plugin::mtom_texts retrieved_around(asked_plugin const& asked, exchange::box_message const& message) {
  auto const header = exchange::whole_header(message);
  if (form_for(asked) == plugin::payload_form::as_they_are) return plugin::write_retrieved_as_mtom(header);
  return {"application/soap+xml; charset=utf-8", plugin::write_retrieved(header)};
}

http::response answer(asked_plugin const& asked, plugin::retrieve_request const& wanted) {
  auto const& db = *asked.house.db;
  std::vector<std::unique_ptr<byte_source>> payloads;
  std::optional<exchange::box_message> message;
  auto const opened = db.read([&](store::reading& now) -> result<void> {
    message = exchange::find_in_box(now, wanted.message_id, asked.by.back_end, exchange::way::in);
    if (!message) return no_message(wanted.message_id);
    for (std::size_t n = 1; n <= message->parts.size(); ++n) {
      auto bytes = exchange::open_part(now, db.payloads(), *message, n);
      if (!bytes) return std::move(bytes).error();
      payloads.push_back(*std::move(bytes));
    }
    return {};
  });
  if (!opened) return fault(opened.error());
  auto written = retrieved_around(asked, *message);
  std::unique_ptr<byte_source> whole =
      std::make_unique<plugin::retrieved_stream>(std::move(written.texts), std::move(payloads), form_for(asked));
  if (wanted.marks_as_downloaded)
    whole = std::make_unique<marking_stream>(
        std::move(whole),
        [&house = asked.house, by = asked.by, id = wanted.message_id] { return mark(house, by, id); });
  return http::streamed(std::move(whole), std::move(written.content_type));
}

std::optional<exchange::box_message> find_of_asker(asked_plugin const& asked, std::string const& id,
                                                   plugin::access_point_role side) {
  auto const which = side == plugin::access_point_role::sending     ? exchange::way::out
                     : side == plugin::access_point_role::receiving ? exchange::way::in
                                                                    : exchange::way::either;
  return asked.house.db->read(
      [&](store::reading& now) { return exchange::find_in_box(now, id, asked.by.back_end, which); });
}

plugin::message_status status_in(rooms const& house, exchange::box_message const& message) {
  using enum plugin::message_status;
  auto const& status = message.entry.status;
  if (message.entry.direction == "in") return message.processed_at ? downloaded : received;
  if (status == "delivered") return acknowledged;
  if (status == "failed") return send_failure;
  if (status == "in_flight") return send_in_progress;
  if (status == "waiting") return waiting_for_retry;
  auto const* const mode = house.messages->book().by_id(message.pmode_id);
  return mode != nullptr && mode->is_pulled_by_partner() ? ready_to_pull : send_enqueued;
}

http::response answer(asked_plugin const& asked, plugin::status_request const& wanted) {
  auto const message = find_of_asker(asked, wanted.message_id, wanted.role);
  return answer_soap(
      plugin::write_status(message ? status_in(asked.house, *message) : plugin::message_status::not_found));
}

// Why one that was for the back end was not taken: receiveFailure says no more than which.
std::vector<plugin::message_error> errors_of_refused(asked_plugin const& asked, plugin::errors_request const& wanted) {
  std::vector<plugin::message_error> errors;
  if (wanted.role == plugin::access_point_role::sending) return errors;
  for (auto const& one : asked.house.db->read(
           [&](store::reading& now) { return exchange::refused_events(now, wanted.message_id, asked.by.back_end); }))
    errors.push_back({one.code, std::string(exchange::reason_of(one)), one.message_id,
                      plugin::access_point_role::receiving, one.at});
  return errors;
}

http::response answer(asked_plugin const& asked, plugin::errors_request const& wanted) {
  auto const message = find_of_asker(asked, wanted.message_id, wanted.role);
  auto errors = errors_of_refused(asked, wanted);
  if (!message && errors.empty()) return fault(no_message(wanted.message_id));
  if (message && message->entry.direction == "out")
    for (auto const& one :
         asked.house.db->read([&](store::reading& now) { return exchange::attempts_of(now, message->entry.seq); }))
      if (!one.code.empty())
        errors.push_back({one.code, one.reason, wanted.message_id, plugin::access_point_role::sending, one.begun_at});
  return answer_soap(plugin::write_errors(errors));
}

http::response answer(asked_plugin const& asked, plugin::downloaded_request const& wanted) {
  auto const done = mark(asked.house, asked.by, wanted.message_id);
  if (!done)
    return fault(done.error().code == "exchange.message.unknown" ? no_message(wanted.message_id) : done.error());
  return answer_soap(plugin::write_downloaded(wanted.message_id));
}

// The doors of /api know other ways to say who asks; this one has Basic authentication alone.
problem in_words_of_basic(problem what) {
  constexpr auto mend =
      "send a key with the role back_end as password by HTTP Basic authentication; any user name is right";
  if (what.code == "api.unauthenticated") return {what.code, "this needs the key of a back end", "Authorization", mend};
  if (what.code == "api.forbidden" && what.mend.starts_with("sign in")) what.mend = mend;
  return what;
}

problem in_words_of_soap(problem what) {
  if (what.code.ends_with(".not_soap"))
    return {what.code, "the plug-in speaks SOAP 1.2, which the Content-Type does not say", "Content-Type",
            "send application/soap+xml, or multipart/related with type=\"application/xop+xml\" (MTOM)"};
  return what;
}

http::response serve(rooms& house, http::request const& asked) {
  auto const by = admit_back_end(house, asked);
  if (!by) return fault(in_words_of_basic(by.error()));
  memory_source const held(asked.body);
  byte_source const& body = asked.spooled ? asked.spooled->source() : held;
  edelivery::mime_limits limits;
  limits.bytes = body.size();  // the route has its own
  limits.parts = 129;
  auto const layout = edelivery::lay_out_mime(asked.header("Content-Type"), body, limits,
                                              {"application/xop+xml", "application/soap+xml", false});
  if (!layout) return fault(in_words_of_soap(layout.error()));
  auto const envelope = edelivery::content_of(body, layout->root);
  if (!envelope) return fault(envelope.error());
  auto const request = plugin::read_request(**envelope);
  if (!request) return fault(request.error());
  asked_plugin const with{house, *by, body, *layout, **envelope};
  return std::visit([&](auto const& each) { return answer(with, each); }, *request);
}

// Whatever the query says: ?wsdl is all that anybody asks by GET.
http::response describe(rooms const& house, http::request const& asked) {
  auto const& known = house.self.base_url;
  auto const base = known.empty() ? asked.scheme + "://" + std::string(asked.header("Host")) : known;
  return http::bytes(plugin::wsdl_for(base + "/services/wsplugin"), "text/xml; charset=utf-8");
}

}  // namespace

std::vector<http::route> wsplugin_routes(rooms& house) {
  auto const answer_it = [&house](http::request const& asked) { return serve(house, asked); };
  auto const spool_it = [&house] { return spool(house); };
  // Some back ends put the name of the operation after the address.
  return {{"GET", "/services/wsplugin", [&house](auto& asked) { return describe(house, asked); }},
          {"POST", "/services/wsplugin", answer_it, house.message_bytes, spool_it},
          {"POST", "/services/wsplugin/{operation}", answer_it, house.message_bytes, spool_it}};
}

}  // namespace ehds::node::api
