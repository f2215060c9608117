#pragma once
// Tells one back end of its events by webhook: in their order, each until it is taken (any 2xx), for ever. How far it
// got is in the store: after a crash an event may be told twice, never not at all; its id says so. Each request is
// signed: X-EHDS-Signature is "sha256=" and the HMAC-SHA256, in hex, of the X-EHDS-Timestamp, a dot and the body. A
// back end that was written for Domibus is told as that one does: the notices of BackendService, by Basic
// authentication; and messages whole where it lives on those. One that was taken so is processed, in the effect that
// notes it; one that is refused again and again is set aside (set_aside.hpp). Word of a
// message that this node refused is left untold when it is refused as often: nothing is lost by it.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/http_call.hpp"
#include "node/exchange/back_end_box.hpp"
#include "node/exchange/domibus_push.hpp"
#include "node/exchange/notice_news.hpp"

namespace ehds::node::exchange {

struct notice_progress;

enum class webhook_speech { events, domibus };

struct webhook {
  std::string back_end;
  std::string url;
  std::string secret;
  std::function<void(notice_news const& news)> tell{};  // after its effect
  webhook_speech speech = webhook_speech::events;
  std::string user = {};  // for domibus, with the secret as password; empty: it asks for none
  std::vector<domibus_push> pushes = {domibus_push::receive_success, domibus_push::receive_failure,
                                      domibus_push::send_success, domibus_push::send_failure};  // for domibus
};

class notice_worker {
 public:
  // References outlive the worker.
  notice_worker(store::database& db, http_call& wire, clock const& time, webhook to)
      : db_(db), wire_(wire), clock_(time), to_(std::move(to)) {}

  // Tells what is next, if there is something and it is due; true when there may be more to tell at once.
  bool run_once();

 private:
  struct turn;
  struct heard;
  bool lives_on_messages() const;
  turn find_turn(store::reading& now, instant at) const;
  void write_signed(box_event const& event, http_call_request& into) const;
  void write_as_domibus(turn const& next, http_call_request& into) const;
  heard tell(turn const& next);
  heard hear(http_call_response const& answer) const;
  notice_progress after(turn const& next, heard const& said) const;
  bool keep(store::transaction& tx, turn const& next, heard const& said, notice_progress const& progress) const;
  std::vector<std::string> kinds() const;
  std::optional<notice_news> news_of(turn const& next, heard const& said, notice_progress const& progress,
                                     bool is_aside) const;

  store::database& db_;
  http_call& wire_;
  clock const& clock_;
  webhook const to_;
};

// Why the event that is next was not taken so far; empty when nothing is amiss.
std::optional<std::string> refused_notice(store::reading& now, std::string_view back_end);

// Messages that were set aside; and those of the events that were not taken so far, the one that is next and those that
// wait behind it: oldest first, each once, those of at most so many events; not of messages that this node refused, of
// which nothing is there. None while nothing is amiss.
std::vector<std::string> untold_messages(store::reading& now, std::string_view back_end, std::size_t most);
// Inside an effect: those of the named messages that were set aside are pushed once more; if others are named, what was
// not taken is told again at once, and not after its pause.
void tell_again(store::transaction& tx, std::string_view back_end, std::vector<std::string> const& message_ids,
                instant now);

std::string signature_of(std::string_view secret, std::string_view timestamp, std::string_view body);

}  // namespace ehds::node::exchange
