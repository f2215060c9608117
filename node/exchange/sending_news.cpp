#include "node/exchange/sending_news.hpp"

#include "edelivery/ebms/error_codes.hpp"

namespace ehds::node::exchange {

using edelivery::outbound, edelivery::outbound_status;

namespace {

constexpr std::string_view other_error = "EBMS:0004";
constexpr std::string_view dead_letter = "failed";  // sent again, whatever fails next is news

sending_news about(outbound const& row, std::string_view party_id) {
  sending_news news;
  news.message_id = row.message_id;
  news.party_id = party_id;
  news.status = row.status;
  news.attempts = row.attempts;
  if (row.status == outbound_status::waiting) news.next_try = row.due;
  return news;
}

}  // namespace

std::optional<sending_news> news_of(std::string_view told, outbound const& after, std::string_view party_id,
                                    std::optional<int> http_status) {
  auto news = about(after, party_id);
  news.http_status = http_status.value_or(0);
  if (after.status == outbound_status::delivered) return told.empty() ? std::nullopt : std::optional(std::move(news));
  auto const* const known = edelivery::find_ebms_code(after.code);
  news.code = known != nullptr ? known->code : "unknown";  // where a partner may have written anything
  bool const is_over = after.status == outbound_status::failed;
  // No code: another access point has it, and nothing is amiss.
  if (!is_over && (after.code.empty() || told == news.code)) return std::nullopt;
  news.mark = is_over ? dead_letter : news.code;
  if (!http_status)
    news.says = after.reason;
  else if (known != nullptr)
    news.says = known->short_description;
  return news;
}

std::optional<sending_news> news_of_our_own(std::string_view told, outbound const& after, std::string_view party_id,
                                            std::string_view problem_code) {
  if (told == problem_code) return std::nullopt;
  auto news = about(after, party_id);
  news.code = other_error;
  news.says = after.reason;
  news.mark = problem_code;
  return news;
}

}  // namespace ehds::node::exchange
