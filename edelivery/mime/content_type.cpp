#include "edelivery/mime/content_type.hpp"

#include <cstddef>
#include <utility>

#include "edelivery/mime/text.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::size_t longest = 4096;

problem unreadable(std::string detail) {
  return {"edelivery.mime.content_type", std::move(detail), "Content-Type",
          "send a media type as RFC 2045 section 5.1 writes it"};
}

// What is still to be read of the text.
struct cursor {
  std::string_view rest;

  void skip_blanks() {
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
  }
  std::string_view take_token() {
    std::size_t end = 0;
    while (end < rest.size() && is_token_character(rest[end])) ++end;
    auto const token = rest.substr(0, end);
    rest.remove_prefix(end);
    return token;
  }
  bool take(char wanted) {
    if (rest.empty() || rest.front() != wanted) return false;
    rest.remove_prefix(1);
    return true;
  }
};

result<std::string> take_quoted(cursor& at) {
  std::string value;
  while (!at.rest.empty()) {
    char const next = at.rest.front();
    at.rest.remove_prefix(1);
    if (next == '"') return value;
    if (next == '\\' && !at.rest.empty()) {
      value += at.rest.front();
      at.rest.remove_prefix(1);
    } else if (next != '\r' && next != '\n') {
      value += next;
    }
  }
  return unreadable("a quoted parameter of the media type does not end");
}

// Peers leave out the quotes around values that hold "/", "<" or "=": everything up to ";" is the value then.
std::string take_bare(cursor& at) {
  auto const end = at.rest.find(';');
  auto const value = trimmed(at.rest.substr(0, end));
  at.rest.remove_prefix(end == std::string_view::npos ? at.rest.size() : end);
  return std::string{value};
}

result<void> read_parameter(cursor& at, content_type& into) {
  auto const name = lower(at.take_token());
  at.skip_blanks();
  if (name.empty() || !at.take('=')) return unreadable("a parameter of the media type has no name or no value");
  at.skip_blanks();
  std::string value;
  if (at.take('"')) {
    auto quoted = take_quoted(at);
    if (!quoted) return std::move(quoted).error();
    value = *std::move(quoted);
  } else {
    value = take_bare(at);
  }
  if (!into.parameters.emplace(name, std::move(value)).second) {
    return unreadable("the media type gives the parameter \"" + name + "\" twice");
  }
  return {};
}

}  // namespace

std::string_view content_type::parameter(std::string_view name) const {
  auto const found = parameters.find(std::string{name});
  return found == parameters.end() ? std::string_view{} : std::string_view{found->second};
}

result<content_type> parse_content_type(std::string_view text) {
  if (text.size() > longest) return unreadable("the media type is longer than 4096 bytes");
  cursor at{text};
  at.skip_blanks();
  auto const type = at.take_token();
  if (type.empty() || !at.take('/')) return unreadable("there is no readable media type");
  auto const subtype = at.take_token();
  if (subtype.empty()) return unreadable("the media type has no subtype");
  content_type read{lower(type) + "/" + lower(subtype), {}};
  for (at.skip_blanks(); !at.rest.empty(); at.skip_blanks()) {
    if (!at.take(';')) return unreadable("something other than a parameter follows the media type");
    at.skip_blanks();
    if (at.rest.empty()) break;
    auto parameter = read_parameter(at, read);
    if (!parameter) return std::move(parameter).error();
  }
  return read;
}

}  // namespace ehds::edelivery
