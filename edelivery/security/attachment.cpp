#include "edelivery/security/attachment.hpp"

#include "base/bytes.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery {

namespace {

// Payload documents are larger than headers; those that are larger still should come compressed.
constexpr xml::limits payload_limits{.bytes = 32 * 1024 * 1024,
                                     .depth = 200,
                                     .elements = 1'000'000,
                                     .attributes = 2'000'000,
                                     .element_attributes = 256,
                                     .namespaces = 4'096,
                                     .element_namespaces = 64,
                                     .instructions = xml::processing_instructions::accepted};

std::string bare_media_type(std::string_view mime_type) {
  std::string bare;
  for (char const c : mime_type.substr(0, mime_type.find(';'))) {
    if (c == ' ' || c == '\t') continue;
    bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return bare;
}

bool is_xml(std::string const& type) {
  if (type == "text/xml" || type == "application/xml") return true;
  return (type.starts_with("application/") || type.starts_with("image/")) && type.ends_with("+xml");
}

result<std::string> digest_of_xml(std::string_view body) {
  auto const parsed = xml::document::parse(body, payload_limits);
  auto octets = parsed ? xml::canonicalize(*parsed) : result<std::string>(parsed.error());
  if (octets) return sha256(*octets);
  return problem{"edelivery.policy.payload_xml",
                 "A payload part that claims to be XML cannot be canonicalised: " + octets.error().detail,
                 octets.error().where, "Send XML payloads compressed, or without a document type."};
}

// Every CRLF, lone LF and lone CR becomes CRLF.
std::string digest_of_text(std::string_view body) {
  sha256_stream digest;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < body.size(); ++at) {
    if (body[at] != '\r' && body[at] != '\n') continue;
    digest.add(body.substr(begin, at - begin));
    digest.add("\r\n");
    if (body[at] == '\r' && at + 1 < body.size() && body[at + 1] == '\n') ++at;
    begin = at + 1;
  }
  digest.add(body.substr(begin));
  return digest.finish();
}

}  // namespace

result<std::string> attachment_digest(std::string_view mime_type, std::string_view body) {
  auto const type = bare_media_type(mime_type);
  if (is_xml(type)) return digest_of_xml(body);
  if (type.starts_with("text/")) return digest_of_text(body);
  return sha256(body);
}

}  // namespace ehds::edelivery
