#pragma once
// A Domibus as its WS plug-in shows itself: takes messages once by their id, tells their status, keeps what came until
// it is marked. Reads requests with the plug-in's own grammar and answers as its Java does. What it does with the next
// requests may be scripted.
#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/http_call.hpp"
#include "edelivery/backend/answers.hpp"
#include "edelivery/backend/wsplugin.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/mime/multipart.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::tests {

namespace plugin = edelivery::backend;

// What another program than an access point answers.
inline http_call_response page(int status, std::string const& body, std::string const& type = "text/html") {
  return {status, {{"Content-Type", type}}, body};
}

class scripted_domibus {
 public:
  static constexpr char const* url = "https://ap.example/domibus/services/wsplugin";

  struct sent_message {
    edelivery::user_message header;
    std::vector<std::string> payloads;
    std::vector<std::string> types;
    plugin::message_status status = plugin::message_status::send_enqueued;
    std::optional<plugin::processing_type> processing = {};
  };
  struct came_message {
    edelivery::user_message header;  // with parts
    std::vector<std::string> payloads;
    instant received;
  };
  std::map<std::string, sent_message> sent;
  plugin::message_status first_status = plugin::message_status::send_enqueued;
  std::vector<plugin::message_error> errors;
  std::vector<came_message> came;  // and not marked
  std::vector<std::string> marked;
  std::vector<std::string> operations;  // as they were asked
  std::vector<std::string> authorizations;
  std::string hangs_up_at;  // a message that it cannot give: the connection ends
  bool speaks_mtom = false;
  std::size_t names_at_most = 500;                    // of those that wait, the oldest
  clock const* time = nullptr;                        // when something comes
  std::map<std::string, http_call_response> instead;  // of an operation: this answer, and nothing is done

  void bring(edelivery::user_message header, std::vector<std::string> payloads) {
    came.push_back({std::move(header), std::move(payloads), time != nullptr ? time->now() : instant{}});
  }

  http_call_response answer(http_call_request const& asked) {
    std::scoped_lock const lock(guard_);
    std::string type;
    for (auto const& one : asked.headers) {
      if (one.name == "Content-Type") type = one.value;
      if (one.name == "Authorization") authorizations.push_back(one.value);
    }
    memory_source const body(asked.body);
    edelivery::mime_limits limits;
    limits.parts = 129;
    auto const layout = edelivery::lay_out_mime(type, body, limits, {"application/xop+xml", "application/soap+xml"});
    if (!layout) return fault("EBMS:0007", layout.error().detail);
    auto const read = plugin::read_request(memory_source(layout->root_bytes));
    if (!read) return fault("WS_PLUGIN:0007", read.error().detail);
    operations.push_back(std::visit([](auto const& each) { return name_of(each); }, *read));
    if (auto const found = instead.find(operations.back()); found != instead.end()) return found->second;
    return std::visit([&](auto const& each) { return carry_out(each, body, *layout); }, *read);
  }

  std::size_t asked(std::string const& operation) const {
    return static_cast<std::size_t>(std::ranges::count(operations, operation));
  }

  static http_call_response fault(std::string const& code, std::string const& message) {
    return {
        500, {{"Content-Type", "application/soap+xml;charset=UTF-8"}}, edelivery::tests::fault_answer(code, message)};
  }

 private:
  static std::string name_of(plugin::submit_request const&) { return "submit"; }
  static std::string name_of(plugin::pending_request const&) { return "list"; }
  static std::string name_of(plugin::retrieve_request const&) { return "retrieve"; }
  static std::string name_of(plugin::status_request const&) { return "status"; }
  static std::string name_of(plugin::errors_request const&) { return "errors"; }
  static std::string name_of(plugin::downloaded_request const&) { return "mark"; }
  static std::string name_of(plugin::push_failed_request const&) { return "list of pushes"; }
  static std::string name_of(plugin::push_again_request const&) { return "push"; }

  http_call_response soap(std::string const& text, std::string const& parts = {}) const {
    if (!speaks_mtom) return {200, {{"Content-Type", "application/soap+xml;charset=UTF-8"}}, text};
    return {200,
            {{"Content-Type", R"(multipart/related; type="application/xop+xml"; boundary="uuid:1"; )"
                              R"(start="<root.message@cxf.apache.org>"; start-info="application/soap+xml")"}},
            "\r\n--uuid:1\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"application/soap+xml\"\r\n"
            "Content-Transfer-Encoding: binary\r\nContent-ID: <root.message@cxf.apache.org>\r\n\r\n" +
                text + parts + "\r\n--uuid:1--"};
  }

  http_call_response carry_out(plugin::submit_request const& asked, byte_source const& body,
                               edelivery::mime_layout const& layout) {
    auto const& id = asked.header.message_id;
    if (sent.contains(id))
      return fault("EBMS:0004",
                   "Message with id [" + id + " and role SENDING] already exists. Message identifiers must be unique");
    sent_message message{asked.header, {}, {}, first_status, asked.processing};
    for (auto const& payload : asked.payloads) {
      message.types.push_back(payload.mime_type);
      message.payloads.push_back(payload.bytes);
      for (auto const& part : layout.parts) {
        if (!plugin::is_included(payload.attachment, part.content_id)) continue;
        string_sink all;
        auto const content = edelivery::content_of(body, part);
        static_cast<void>(each_piece(**content, [&](auto piece) { return all.add(piece); }));
        message.payloads.back() = all.text;
      }
    }
    sent.emplace(id, std::move(message));
    return soap(edelivery::tests::answer_of("submitResponse", "<messageID>" + id + "</messageID>"));
  }

  http_call_response carry_out(plugin::status_request const& asked, byte_source const&, edelivery::mime_layout const&) {
    auto const found = sent.find(asked.message_id);
    auto const status = found == sent.end() ? plugin::message_status::not_found : found->second.status;
    return soap(edelivery::tests::answer_of("getStatusResponse", std::string(plugin::to_text(status))));
  }

  http_call_response carry_out(plugin::errors_request const&, byte_source const&, edelivery::mime_layout const&) {
    return soap(plugin::write_errors(errors));
  }

  http_call_response carry_out(plugin::pending_request const& asked, byte_source const&,
                               edelivery::mime_layout const&) {
    std::string ids;
    std::size_t named = 0;
    for (auto const& one : came) {
      if (asked.received_from && one.received < *asked.received_from) continue;
      if (asked.received_to && *asked.received_to < one.received) continue;
      if (named++ < names_at_most) ids += "<messageID>" + xml_text(one.header.message_id) + "</messageID>";
    }
    return soap(edelivery::tests::answer_of("listPendingMessagesResponse", ids));
  }

  http_call_response carry_out(plugin::retrieve_request const& asked, byte_source const&,
                               edelivery::mime_layout const&) {
    if (asked.message_id == hangs_up_at) return {};
    auto const one = find(asked.message_id);
    if (one == came.end()) return fault("WS_PLUGIN:0009", "No message with id [" + asked.message_id + "] found");
    std::string payloads;
    std::string parts;
    for (std::size_t n = 0; n < one->payloads.size(); ++n) {
      auto const& id = one->header.parts.at(n).content_id;
      auto const value =
          speaks_mtom ? R"(<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:)" + id + "\"/>"
                      : to_base64(one->payloads[n]);
      payloads += edelivery::tests::retrieved_value("cid:" + id, value);
      parts +=
          "\r\n--uuid:1\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n"
          "Content-ID: <" +
          id + ">\r\n\r\n" + one->payloads[n];
    }
    auto header = one->header;
    header.message_id = "stands@in";  // any id may have come
    auto text = edelivery::write_user_message(header).value();
    text.replace(text.find("stands@in"), std::string_view("stands@in").size(), xml_text(one->header.message_id));
    auto const answer = edelivery::tests::answer_with(
        R"(<eb:Messaging xmlns:eb="http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/">)" + text +
            "</eb:Messaging>",
        R"(<ns4:retrieveMessageResponse xmlns:ns4="http://eu.domibus.wsplugin/">)" + payloads +
            "</ns4:retrieveMessageResponse>");
    if (asked.marks_as_downloaded) take_away(asked.message_id);
    return soap(answer, speaks_mtom ? parts : "");
  }

  http_call_response carry_out(plugin::downloaded_request const& asked, byte_source const&,
                               edelivery::mime_layout const&) {
    if (find(asked.message_id) == came.end()) return fault("EBMS:0004", "not found");
    take_away(asked.message_id);
    return soap(edelivery::tests::answer_of("markMessageAsDownloadedResponse",
                                            "<messageID>" + asked.message_id + "</messageID>"));
  }

  // No node asks for these.
  http_call_response carry_out(plugin::push_failed_request const&, byte_source const&, edelivery::mime_layout const&) {
    return fault("WS_PLUGIN_0001", "not here");
  }
  http_call_response carry_out(plugin::push_again_request const&, byte_source const&, edelivery::mime_layout const&) {
    return fault("WS_PLUGIN_0001", "not here");
  }

  std::vector<came_message>::iterator find(std::string const& id) {
    return std::ranges::find_if(came, [&](auto const& one) { return one.header.message_id == id; });
  }
  void take_away(std::string const& id) {
    marked.push_back(id);
    came.erase(find(id));
  }

  static std::string xml_text(std::string const& text) { return edelivery::xml::escaped(text); }

  std::mutex guard_;
};

}  // namespace ehds::tests
