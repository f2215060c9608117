#include "edelivery/sender/handed_over.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "edelivery/ebms/error_codes.hpp"

namespace ehds::edelivery {
namespace {

using backend::message_status;

constexpr std::chrono::milliseconds longest_pause{60'000};
constexpr std::string_view silent = "EBMS:0005";
constexpr int unknown_for_good = 2;  // what was taken a moment ago may not be seen by the next question

// WS_PLUGIN:0003 of the plug-in, by its number.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> plugin_codes{{{"0003", "EBMS:0010"},
                                                                                     {"0004", "EBMS:0010"},
                                                                                     {"0005", "EBMS:0011"},
                                                                                     {"0007", "EBMS:0003"},
                                                                                     {"0008", "EBMS:0009"}}};

outbound wait(outbound row, handed_over const& memory, pmode const& mode, instant now, double random,
              std::string reason) {
  row.status = outbound_status::waiting;
  row.due = now + std::min(longest_pause, retry_delay(mode.retry, memory.questions, random));
  row.code.clear();
  row.reason = std::move(reason);
  return row;
}

outbound settle(outbound row, outbound_status how, std::string code, std::string reason, instant now) {
  row.status = how;
  row.due = now;
  row.code = std::move(code);
  row.reason = std::move(reason);
  return row;
}

outbound give_up(outbound row, message_status status, backend::errors_answer const& why, instant now) {
  std::string code = "EBMS:0004";
  auto reason = "Domibus says " + std::string(to_text(status));
  if (!why.errors.empty()) {
    auto const& last = why.errors.back();
    if (find_ebms_code(last.code) != nullptr) code = last.code;
    reason += ", after " + last.code + " " + last.detail;
  }
  return settle(std::move(row), outbound_status::failed, std::move(code),
                reason + "; send it again there first, then here", now);
}

}  // namespace

outbound begin_question(outbound row, pmode const& mode, instant now) {
  row.status = outbound_status::in_flight;
  row.due = now + mode.retry.answer_timeout;
  return row;
}

outbound on_taken(outbound row, pmode const& mode, instant now, double random) {
  return wait(std::move(row), {}, mode, now, random, "Domibus has it");
}

std::string code_of_fault(backend::plugin_fault const& fault) {
  auto code = fault.code;
  std::ranges::replace(code, '_', ':');
  if (find_ebms_code(code) != nullptr) return code;
  for (auto const& [number, meant] : plugin_codes)
    if (code == "WS:PLUGIN:" + std::string(number)) return std::string(meant);
  return "EBMS:0004";
}

outbound on_fault(outbound row, backend::plugin_fault const& fault, pmode const& mode, instant now, double random) {
  auto reason = "Domibus does not take it: " + (fault.code.empty() ? "" : fault.code + " ") + fault.message;
  return on_refused(std::move(row), code_of_fault(fault), std::move(reason), mode, now, random);
}

bool is_given_up(message_status status) {
  return status == message_status::send_failure || status == message_status::deleted;
}

outbound on_status(outbound row, handed_over& memory, message_status status, backend::errors_answer const& why,
                   pmode const& mode, instant now, double random) {
  ++memory.questions;
  memory.said = to_text(status);
  memory.unknown_for = status == message_status::not_found ? memory.unknown_for + 1 : 0;
  if (status == message_status::acknowledged) return settle(std::move(row), outbound_status::delivered, "", "", now);
  if (status == message_status::acknowledged_with_warning)
    return settle(std::move(row), outbound_status::delivered, "", "acknowledged with a warning", now);
  if (is_given_up(status)) return give_up(std::move(row), status, why, now);
  if (memory.unknown_for >= unknown_for_good)
    return settle(std::move(row), outbound_status::failed, "EBMS:0301",
                  "Domibus took it and does not know it any more: whether it arrived is not known", now);
  return wait(std::move(row), memory, mode, now, random, "Domibus has it: " + memory.said);
}

outbound on_no_status(outbound row, handed_over& memory, std::string_view why, pmode const& mode, instant now,
                      double random) {
  ++memory.questions;
  row = wait(std::move(row), memory, mode, now, random,
             "Domibus has it, and does not say what became of it: " + std::string(why));
  row.code = silent;
  return row;
}

}  // namespace ehds::edelivery
