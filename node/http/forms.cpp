#include "node/http/forms.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "node/http/media_type.hpp"

namespace ehds::node::http {

namespace {

problem syntax(char const* why) {
  return {"form.syntax", std::string{"The form cannot be read: "} + why + ".", "",
          "Send the form again from the page."};
}

problem too_many(std::size_t limit) {
  return {"form.too_many_fields", "The form has more than " + std::to_string(limit) + " fields.", "", ""};
}

result<void> check_field(field const& f, form_limits const& limits) {
  if (f.value.size() > limits.field_bytes) {
    return problem{"form.field_too_large", "A field is larger than " + std::to_string(limits.field_bytes) + " bytes.",
                   f.name, "Shorten it, or attach it as a file."};
  }
  if (!is_utf8(f.name) || !is_utf8(f.value)) return syntax("a field is not UTF-8");
  return {};
}

result<form> urlencoded_form(request const& asked, form_limits const& limits) {
  auto read = parse_urlencoded(asked.body, limits.fields);
  if (!read && read.error().code == "http.too_many_fields") return too_many(limits.fields);
  if (!read) return syntax("it holds broken percent-encoding");
  for (auto const& f : *read)
    if (auto const fine = check_field(f, limits); !fine) return fine.error();
  return form{*std::move(read), {}};
}

struct part {
  std::string_view head;
  std::string_view body;
};

// The next part after a delimiter line; `rest` then begins at the following delimiter.
result<part> next_part(std::string_view& rest, std::string const& delimiter, form_limits const& limits) {
  auto const head_end = rest.starts_with("\r\n") ? 0 : rest.find("\r\n\r\n");
  if (head_end == std::string_view::npos || head_end > limits.part_header_bytes)
    return syntax("a part has no proper header");
  part found{rest.substr(0, head_end), {}};
  rest.remove_prefix(head_end == 0 ? 2 : head_end + 4);
  auto const end = rest.find(delimiter);
  if (end == std::string_view::npos) return syntax("its last boundary is missing");
  found.body = rest.substr(0, end);
  rest.remove_prefix(end + delimiter.size());
  return found;
}

std::string_view header_of(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    auto const end = std::min(head.find("\r\n"), head.size());
    auto const line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    auto const colon = line.find(':');
    if (colon != std::string_view::npos && same_name(trimmed(line.substr(0, colon)), name)) {
      return trimmed(line.substr(colon + 1));
    }
  }
  return {};
}

// Browsers write '"' as %22 and line breaks as %0D%0A in names (WHATWG), and leave a stray '%' as it is.
std::string unescaped(std::string text) {
  constexpr std::pair<std::string_view, std::string_view> escapes[] = {{"%22", "\""}, {"%0D%0A", "\r\n"}};
  for (auto const& [written, meant] : escapes) {
    for (auto at = text.find(written); at != std::string::npos; at = text.find(written, at + meant.size())) {
      text.replace(at, written.size(), meant);
    }
  }
  return text;
}

std::string last_of_path(std::string const& name) {
  auto const slash = name.find_last_of("/\\");
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

result<void> take_part(part const& p, form& into, form_limits const& limits) {
  auto const disposition = parse_media_type(header_of(p.head, "content-disposition"));
  if (!disposition || disposition->essence != "form-data" || !disposition->parameter("name")) {
    return syntax("a part is no form field");
  }
  auto const name = unescaped(*disposition->parameter("name"));
  auto const file_name = disposition->parameter("filename");
  if (into.fields.size() + into.files.size() == limits.fields) return too_many(limits.fields);
  if (!file_name) {
    field const plain{name, std::string{p.body}};
    if (auto const fine = check_field(plain, limits); !fine) return fine;
    into.fields.add(plain.name, plain.value);
    return {};
  }
  if (!is_utf8(name) || !is_utf8(*file_name)) return syntax("a name is not UTF-8");
  auto const type = header_of(p.head, "content-type");
  into.files.push_back({name, last_of_path(unescaped(*file_name)),
                        type.empty() ? std::string{"application/octet-stream"} : std::string{type},
                        std::string{p.body}});
  return {};
}

result<form> multipart_form(request const& asked, std::string const& boundary, form_limits const& limits) {
  if (boundary.empty() || boundary.size() > 70) return syntax("its boundary is missing or too long");
  auto const first = "--" + boundary;
  auto const delimiter = "\r\n" + first;
  std::string_view rest = asked.body;
  if (!rest.starts_with(first)) return syntax("it does not begin with its boundary");
  rest.remove_prefix(first.size());
  form made;
  while (!rest.starts_with("--")) {
    if (!rest.starts_with("\r\n")) return syntax("a boundary is not on a line of its own");
    rest.remove_prefix(2);
    auto const found = next_part(rest, delimiter, limits);
    if (!found) return found.error();
    if (auto const taken = take_part(*found, made, limits); !taken) return taken.error();
  }
  return made;
}

}  // namespace

result<form> form_fields(request const& asked, form_limits limits) {
  auto const type = parse_media_type(asked.header("Content-Type"));
  if (type && type->essence == "application/x-www-form-urlencoded") return urlencoded_form(asked, limits);
  if (type && type->essence == "multipart/form-data") {
    return multipart_form(asked, type->parameter("boundary").value_or(""), limits);
  }
  return problem{"form.media_type", "This address takes a form.", "Content-Type",
                 "Send application/x-www-form-urlencoded or multipart/form-data."};
}

}  // namespace ehds::node::http
