#include "edelivery/backend/date_times.hpp"

namespace ehds::edelivery::backend {

std::optional<instant> parse_date_time(std::string text) {
  constexpr std::size_t date_size = 10;
  if (text.size() <= date_size || text[date_size] != 'T') return std::nullopt;
  if (text.find_first_of("Z+-", date_size) == std::string::npos) text += 'Z';
  auto const at = parse_rfc3339(text);
  return at ? std::optional(*at) : std::nullopt;
}

}  // namespace ehds::edelivery::backend
