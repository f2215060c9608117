#include "node/http/fields.hpp"

namespace ehds::node::http {

namespace {

result<std::string> decode_form_text(std::string_view text) {
  std::string blanks{text};
  std::ranges::replace(blanks, '+', ' ');
  return percent_decode(blanks);
}

}  // namespace

std::string_view fields::value(std::string_view name) const {
  auto const found = std::ranges::find(list_, name, &field::name);
  return found == list_.end() ? std::string_view{} : std::string_view{found->value};
}

std::vector<std::string> fields::values(std::string_view name) const {
  std::vector<std::string> found;
  for (auto const& f : list_)
    if (f.name == name) found.push_back(f.value);
  return found;
}

result<fields> parse_urlencoded(std::string_view text, std::size_t max_fields) {
  fields found;
  while (!text.empty()) {
    auto const end = std::min(text.find('&'), text.size());
    auto const pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (found.size() == max_fields) {
      return problem{"http.too_many_fields", "There are more than " + std::to_string(max_fields) + " fields.", "", ""};
    }
    auto const equals = std::min(pair.find('='), pair.size());
    auto name = decode_form_text(pair.substr(0, equals));
    if (!name) return name.error();
    auto value = decode_form_text(equals < pair.size() ? pair.substr(equals + 1) : std::string_view{});
    if (!value) return value.error();
    found.add(*std::move(name), *std::move(value));
  }
  return found;
}

}  // namespace ehds::node::http
