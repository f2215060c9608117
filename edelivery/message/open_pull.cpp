#include "edelivery/message/open_pull.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/libraries/libraries.hpp"
#include "edelivery/message/read_frame.hpp"

namespace ehds::edelivery {

namespace {

constexpr mime_limits small_message{.bytes = 1024 * 1024, .parts = 4};

result<void> check_fresh(pull_request const& asked, instant now) {
  if (asked.timestamp >= now - pull_freshness && asked.timestamp <= now + pull_freshness) return {};
  return problem{asked.timestamp < now ? "edelivery.value.too_old" : "edelivery.value.in_future",
                 "the pull request is not of this quarter of an hour", "SignalMessage/MessageInfo/Timestamp",
                 "set the clocks of both sides"};
}

problem unknown_channel(std::string_view mpc) {
  return {"edelivery.value.unknown_channel",
          "no P-Mode hands out messages of the channel \"" + std::string{mpc.substr(0, 100)} + "\"",
          "SignalMessage/PullRequest", "agree on a P-Mode with binding pull and direction send for this channel"};
}

std::expected<claimed_signal, refusal> claimed_by(std::string_view content_type, std::string_view body) {
  auto frame = read_frame(content_type, body, small_message);
  if (!frame) return std::unexpected{std::move(frame).error()};
  if (auto* const got = std::get_if<receipt>(&frame->content)) {
    auto id = got->message_id;
    auto answered = got->ref_to_message_id;
    return claimed_signal{std::move(*got), std::move(id), std::move(answered)};
  }
  if (auto* const errors = std::get_if<error_signal>(&frame->content)) {
    auto const& first = errors->errors.front();
    auto id = errors->message_id;
    auto answered = errors->ref_to_message_id.empty() ? first.ref_to_message_in_error : errors->ref_to_message_id;
    return claimed_signal{std::move(*errors), std::move(id), std::move(answered)};
  }
  if (auto* const asked = std::get_if<pull_request>(&frame->content)) {
    auto id = asked->message_id;
    return claimed_signal{std::move(*asked), std::move(id), {}};
  }
  return std::unexpected{refused(
      {"edelivery.feature.kind", "a user message came where a signal is awaited", "Messaging", "send it by itself"})};
}

std::expected<incoming_pull, refusal> open_in_channels(std::string_view content_type, std::string_view body,
                                                       pmode_book const& book, instant now) {
  auto const frame = read_frame(content_type, body, small_message);
  if (!frame) return std::unexpected{frame.error()};
  auto const* const asked = std::get_if<pull_request>(&frame->content);
  if (asked == nullptr) {
    return std::unexpected{
        refused({"edelivery.feature.kind", "this is no pull request", "Messaging", "send a signal of that kind"})};
  }
  std::optional<refusal> nearest;
  for (auto const& mode : book.all()) {
    if (!mode.is_pulled_by_partner() || mode.mpc != asked->mpc) continue;
    auto const opened = verify_and_decrypt(frame->envelope, {}, {mode.security, mode.trust, {}, now});
    auto const good = opened ? check_fresh(*asked, now) : result<void>{opened.error()};
    if (good) return incoming_pull{*asked, mode.id};
    nearest = refused(good.error(), asked->message_id, mode.id);
  }
  if (nearest) return std::unexpected{*std::move(nearest)};
  return std::unexpected{refused(unknown_channel(asked->mpc), asked->message_id)};
}

}  // namespace

result<wire_message> make_pull_request(pmode const& mode, access_point const& us, instant now) {
  if (!mode.is_pulled_by_us()) {
    return problem{"edelivery.pack.direction", "under the P-Mode \"" + mode.id + "\" we pull nothing", mode.id,
                   "use a P-Mode with binding pull and direction receive"};
  }
  auto const text = write_pull_request({now, new_message_id(us), mode.mpc});
  auto made = sign(text, {}, mode.security, us.signing_for(mode.security));
  if (!made) return std::move(made).error();
  return wire_message{"application/soap+xml;charset=UTF-8", std::move(made->soap)};
}

std::expected<claimed_signal, refusal> read_claimed_signal(std::string_view content_type, std::string_view body) {
  return judged_with_memory([&] { return claimed_by(content_type, body); });
}

std::expected<incoming_pull, refusal> open_pull_request(std::string_view content_type, std::string_view body,
                                                        pmode_book const& book, instant now) {
  return judged_with_memory([&] { return open_in_channels(content_type, body, book, now); });
}

}  // namespace ehds::edelivery
