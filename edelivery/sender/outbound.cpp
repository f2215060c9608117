#include "edelivery/sender/outbound.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "edelivery/ebms/error_codes.hpp"
#include "edelivery/libraries/libraries.hpp"
#include "edelivery/message/open.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::string_view no_answer = "EBMS:0005";
constexpr std::string_view duplicate_detected = "EBMS:4001";  // of a peer that answers duplicates with an error

constexpr std::array<std::pair<outbound_status, std::string_view>, 5> names{{
    {outbound_status::queued, "queued"},
    {outbound_status::in_flight, "in_flight"},
    {outbound_status::waiting, "waiting"},
    {outbound_status::delivered, "delivered"},
    {outbound_status::failed, "failed"},
}};

bool is_over(outbound const& row) {
  return row.status == outbound_status::delivered || row.status == outbound_status::failed;
}

outbound deliver(outbound row, instant now, http_answer const& answer) {
  row.status = outbound_status::delivered;
  row.due = now;
  row.receipt = answer.body;
  row.receipt_type = answer.content_type;
  return row;
}

outbound fail(outbound row, instant now, std::string_view code, std::string reason) {
  row.status = outbound_status::failed;
  row.due = now;
  row.code = code;
  row.reason = std::move(reason);
  return row;
}

// Wait for the next attempt, or give up when there is none left. An answer that comes after the end changes nothing.
outbound try_later(outbound row, pmode const& mode, instant now, double random, std::string_view code,
                   std::string reason) {
  if (is_over(row)) return row;
  if (row.attempts >= mode.retry.max_attempts) {
    auto const attempts = std::to_string(row.attempts);
    return fail(std::move(row), now, "EBMS:0301",
                "no receipt after " + attempts + " attempts; the last one: " + reason);
  }
  row.status = outbound_status::waiting;
  row.due = now + retry_delay(mode.retry, row.attempts, random);
  row.code = code;
  row.reason = std::move(reason);
  return row;
}

std::string in_words(ebms_error const& error) {
  return error.code + " " + error.short_description + (error.detail.empty() ? "" : ": " + error.detail.substr(0, 500));
}

bool is_passing(ebms_error const& error) {
  auto const* const known = find_ebms_code(error.code);
  return error.severity == "warning" || (known != nullptr && known->passing);
}

bool is_among(std::vector<std::string> const& codes, ebms_error const& error) {
  return std::ranges::find(codes, error.code) != codes.end();
}

// The attempt before this one ended without an answer, so that the partner may have the message. After any answer of
// his, the same code would only repeat what he refused.
bool may_have_it(outbound const& row) { return row.attempts > 1 && (row.code.empty() || row.code == no_answer); }

outbound on_error(outbound row, error_signal const& signal, http_answer const& answer, pmode const& mode, instant now,
                  double random) {
  auto const& first = signal.errors.front();
  bool const other = !signal.ref_to_message_id.empty() && signal.ref_to_message_id != row.message_id;
  if (other) {
    return try_later(std::move(row), mode, now, random, "EBMS:0302",
                     "the partner answered with an error about another message");
  }
  if (first.code == duplicate_detected && mode.duplicate_error_acknowledges) {
    row.code = first.code;
    row.reason = "the partner says that it has the message already; there is no receipt";
    return deliver(std::move(row), now, answer);
  }
  auto const& meanings = mode.partner_errors;
  bool const named = signal.ref_to_message_id == row.message_id || first.ref_to_message_in_error == row.message_id;
  if (named && may_have_it(row) && is_among(meanings.already_received, first)) {
    row.code = first.code;
    row.reason = "the partner answered " + in_words(first) + ", which the P-Mode takes for: has it already";
    return deliver(std::move(row), now, answer);
  }
  auto const lasting = std::ranges::find_if_not(
      signal.errors, [&](ebms_error const& one) { return is_passing(one) || is_among(meanings.later, one); });
  bool const all_pass = lasting == signal.errors.end();
  auto const& worst = all_pass ? first : *lasting;
  // Damage on the way looks like a lasting error once; the same answer to the next attempt is meant.
  bool const said_before = row.attempts > 1 && row.code == worst.code;
  auto reason = "the partner answered " + in_words(worst);
  if (all_pass || !said_before) return try_later(std::move(row), mode, now, random, worst.code, std::move(reason));
  if (is_over(row)) return row;
  return fail(std::move(row), now, worst.code, std::move(reason));
}

outbound on_receipt(outbound row, receipt const& got, http_answer const& answer, sent_bytes const& sent,
                    pmode const& mode, instant now, double random) {
  auto const references = judged_with_memory([&] { return references_of(sent.now); });
  auto good = references ? check_receipt(got, row.message_id, *references) : result<void>{references.error()};
  for (auto const& before : sent.earlier)
    if (!good && check_receipt(got, row.message_id, before)) good = {};
  if (!good) return try_later(std::move(row), mode, now, random, "EBMS:0302", good.error().detail);
  if (row.status == outbound_status::failed) {
    row.reason = "a receipt came after giving up (" + row.code + ")";
  } else {
    row.reason.clear();
    row.code.clear();
  }
  return deliver(std::move(row), now, answer);
}

std::string describe(refusal const& why, http_answer const& answer) {
  std::string text = "HTTP " + std::to_string(answer.status) + " without a good receipt: " + why.diagnosis.detail;
  if (!why.claimed.empty()) text += "; it claims, unproven, " + in_words(why.claimed.front());
  return text;
}

}  // namespace

std::string_view to_text(outbound_status status) {
  return std::ranges::find(names, status, &decltype(names)::value_type::first)->second;
}

std::optional<outbound_status> parse_outbound_status(std::string_view text) {
  auto const found = std::ranges::find(names, text, &decltype(names)::value_type::second);
  if (found == names.end()) return std::nullopt;
  return found->first;
}

outbound enqueue(std::string message_id, pmode const& mode, instant now) {
  outbound row;
  row.message_id = std::move(message_id);
  row.pmode_id = mode.id;
  row.queued_at = now;
  row.due = now;
  return row;
}

send_action next_action(outbound const& row, instant now) {
  if (is_over(row)) return {send_action::kind::nothing, {}};
  if (row.due <= now) return {send_action::kind::send, {}};
  return {send_action::kind::wait, row.due};
}

outbound begin_attempt(outbound row, pmode const& mode, instant now) {
  // An attempt that nobody saw the end of (the process died) is followed by one more even past the maximum: only an
  // answer, or its absence seen by us, ends the story.
  row.status = outbound_status::in_flight;
  ++row.attempts;
  row.due = now + mode.retry.answer_timeout;
  return row;
}

outbound on_response(outbound row, http_answer const& answer, sent_bytes const& sent, pmode const& mode, instant now,
                     double random) {
  if (row.status == outbound_status::delivered) return row;
  auto const signal = open_signal(answer.content_type, answer.body, mode, now);
  if (!signal) {
    return try_later(std::move(row), mode, now, random, signal.error().code, describe(signal.error(), answer));
  }
  if (auto const* const got = std::get_if<receipt>(&signal->content)) {
    return on_receipt(std::move(row), *got, answer, sent, mode, now, random);
  }
  return on_error(std::move(row), std::get<error_signal>(signal->content), answer, mode, now, random);
}

outbound on_no_answer(outbound row, std::string_view why, pmode const& mode, instant now, double random) {
  return try_later(std::move(row), mode, now, random, no_answer, "no answer: " + std::string{why});
}

outbound on_refused(outbound row, std::string_view code, std::string reason, pmode const& mode, instant now,
                    double random) {
  auto const* const known = find_ebms_code(code);
  bool const may_last = known != nullptr && !known->passing && known->severity == "failure" && code != "EBMS:0004";
  bool const said_before = row.attempts > 1 && row.code == code;
  if (!may_last || !said_before) return try_later(std::move(row), mode, now, random, code, std::move(reason));
  return is_over(row) ? row : fail(std::move(row), now, code, std::move(reason));
}

outbound requeue(outbound row, instant now) {
  if (row.status == outbound_status::delivered) return row;
  row.status = outbound_status::queued;
  row.attempts = 0;
  row.due = now;
  return row;
}

std::chrono::milliseconds retry_delay(retry_policy const& policy, int attempts, double random) {
  auto const initial = static_cast<double>(std::chrono::milliseconds{policy.initial_delay}.count());
  auto const most = static_cast<double>(std::chrono::milliseconds{policy.max_delay}.count());
  double const grown = std::min(most, initial * std::pow(policy.factor, std::max(0, attempts - 1)));
  double const spread = 1.0 + policy.jitter * (2.0 * random - 1.0);
  return std::chrono::milliseconds{static_cast<std::chrono::milliseconds::rep>(grown * spread)};
}

}  // namespace ehds::edelivery
