#include "node/http/request.hpp"

#include <algorithm>

namespace ehds::node::http {

std::string_view request::cookie(std::string_view name) const {
  for (auto const& f : headers) {
    if (!same_name(f.name, "cookie")) continue;
    std::string_view rest = f.value;
    while (!rest.empty()) {
      auto const end = std::min(rest.find(';'), rest.size());
      auto const pair = trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      auto const equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      auto value = pair.substr(equals + 1);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
      return value;
    }
  }
  return {};
}

}  // namespace ehds::node::http
