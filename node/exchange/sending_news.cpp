#include "node/exchange/sending_news.hpp"

#include "edelivery/ebms/error_codes.hpp"

namespace ehds::node::exchange {

using edelivery::outbound, edelivery::outbound_status;

namespace {

bool is_new(outbound const& before, outbound const& after) {
  switch (after.status) {
    case outbound_status::failed:
      return before.status != outbound_status::failed;
    case outbound_status::delivered:
      return !before.code.empty();
    case outbound_status::waiting:
      // Another access point has it, and nothing is amiss: no code.
      return !after.code.empty() && (after.attempts <= 1 || before.code != after.code);
    default:
      return false;
  }
}

}  // namespace

std::optional<sending_news> news_of(outbound const& before, outbound const& after, std::string_view party_id,
                                    std::optional<int> http_status) {
  if (!is_new(before, after)) return std::nullopt;
  sending_news news{
      after.message_id, std::string(party_id), after.status, {}, {}, http_status.value_or(0), after.attempts, {}};
  if (after.status == outbound_status::delivered) return news;
  auto const* const known = edelivery::find_ebms_code(after.code);
  news.code = known != nullptr ? known->code : "unknown";  // where a partner may have written anything
  if (!http_status)
    news.says = after.reason;
  else if (known != nullptr)
    news.says = known->short_description;
  if (after.status == outbound_status::waiting) news.next_try = after.due;
  return news;
}

}  // namespace ehds::node::exchange
