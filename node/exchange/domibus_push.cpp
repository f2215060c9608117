#include "node/exchange/domibus_push.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "edelivery/backend/backend_notice.hpp"
#include "edelivery/backend/retrieved_stream.hpp"
#include "node/exchange/kept_message.hpp"

namespace ehds::node::exchange {

namespace plugin = edelivery::backend;

namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 6> push_names{"message",      "receive_success", "receive_failure",
                                                     "send_success", "send_failure",    "message_status_change"};

// A Domibus tells of no change when a message comes, nor when it is refused.
bool is_about(domibus_push push, std::string_view event_kind) {
  bool const came = event_kind == to_text(event_kind::arrived);
  bool const is_refused = event_kind == to_text(event_kind::refused);
  bool const is_delivered = event_kind == to_text(event_kind::delivered);
  using enum domibus_push;
  switch (push) {
    case message:
    case receive_success:
      return came;
    case receive_failure:
      return is_refused;
    case send_success:
      return is_delivered;
    case send_failure:
      return !came && !is_refused && !is_delivered;
    case message_status_change:
      return !came && !is_refused;
  }
  return false;
}

}  // namespace

std::string_view to_text(domibus_push push) { return push_names[static_cast<std::size_t>(push)]; }

std::optional<domibus_push> parse_domibus_push(std::string_view word) {
  auto const found = std::ranges::find(push_names, word);
  if (found == push_names.end()) return std::nullopt;
  return static_cast<domibus_push>(found - push_names.begin());
}

std::vector<domibus_push> pushes_of(std::string_view event_kind, std::vector<domibus_push> const& wanted) {
  auto all = wanted;
  std::erase_if(all, [&](domibus_push push) { return !is_about(push, event_kind); });
  std::ranges::sort(all);
  return all;
}

std::string write_push(domibus_push push, box_event const& event) {
  using plugin::message_status, plugin::notice_word;
  bool const is_delivered = event.kind == to_text(event_kind::delivered);
  switch (push) {
    case domibus_push::message_status_change:
      return plugin::write_status_change(event.message_id,
                                         is_delivered ? message_status::acknowledged : message_status::send_failure);
    case domibus_push::send_success:
      return plugin::write_notice(notice_word::send_success, event.message_id);
    case domibus_push::send_failure:
      return plugin::write_notice(notice_word::send_failure, event.message_id);
    case domibus_push::receive_failure:
      return plugin::write_notice(notice_word::receive_failure, event.message_id);
    case domibus_push::message:
    case domibus_push::receive_success:
      break;
  }
  return plugin::write_notice(notice_word::receive_success, event.message_id);
}

std::optional<box_message> message_to_push(store::reading& now, box_event const& event) {
  auto found =
      event.seq > 0 ? find_in_box(now, event.seq) : find_in_box(now, event.message_id, event.back_end, way::in);
  if (found && found->processed_at) found.reset();
  return found;
}

result<std::unique_ptr<byte_source>> open_pushed(store::reading& now, store::payload_store const& payloads,
                                                 box_message const& message) {
  std::vector<std::unique_ptr<byte_source>> sources;
  for (std::size_t n = 1; n <= message.parts.size(); ++n) {
    auto bytes = open_part(now, payloads, message, n);
    if (!bytes) return std::move(bytes).error();
    sources.push_back(*std::move(bytes));
  }
  auto texts = plugin::write_pushed(whole_header(message));
  return std::make_unique<plugin::retrieved_stream>(std::move(texts), std::move(sources));
}

}  // namespace ehds::node::exchange
