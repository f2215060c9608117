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
                                     .open_namespaces = 512,
                                     .tree_base = 64 * 1024 * 1024,
                                     .tree_growth = 32,
                                     .instructions = xml::processing_instructions::accepted,
                                     .relative = xml::relative_namespaces::accepted};

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
class text_digest {
 public:
  void add(std::string_view bytes) {
    std::size_t begin = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      char const c = bytes[at];
      bool const ends_pair = c == '\n' && after_return_;
      after_return_ = c == '\r';
      if (c != '\r' && c != '\n') continue;
      digest_.add(bytes.substr(begin, at - begin));
      if (!ends_pair) digest_.add("\r\n");
      begin = at + 1;
    }
    digest_.add(bytes.substr(begin));
  }
  std::string finish() { return digest_.finish(); }

 private:
  sha256_stream digest_;
  bool after_return_ = false;
};

enum class transform { none, text, xml };

transform transform_for(std::string_view mime_type) {
  auto const type = bare_media_type(mime_type);
  if (is_xml(type)) return transform::xml;
  return type.starts_with("text/") ? transform::text : transform::none;
}

}  // namespace

struct attachment_digest_stream::state {
  transform how;
  sha256_stream octets;
  text_digest text;
  std::string document;  // one byte over the limit at most
};

attachment_digest_stream::attachment_digest_stream(std::string_view mime_type)
    : state_(std::make_unique<state>(state{transform_for(mime_type), {}, {}, {}})) {}
attachment_digest_stream::~attachment_digest_stream() = default;
attachment_digest_stream::attachment_digest_stream(attachment_digest_stream&&) noexcept = default;
attachment_digest_stream& attachment_digest_stream::operator=(attachment_digest_stream&&) noexcept = default;

void attachment_digest_stream::add(std::string_view bytes) {
  switch (state_->how) {
    case transform::none:
      return state_->octets.add(bytes);
    case transform::text:
      return state_->text.add(bytes);
    case transform::xml:
      state_->document.append(bytes.substr(0, payload_limits.bytes + 1 - state_->document.size()));
  }
}

result<std::string> attachment_digest_stream::finish() {
  if (state_->how == transform::xml) return digest_of_xml(state_->document);
  return state_->how == transform::text ? state_->text.finish() : state_->octets.finish();
}

result<std::string> attachment_digest(std::string_view mime_type, std::string_view body) {
  attachment_digest_stream whole(mime_type);
  whole.add(body);
  return whole.finish();
}

}  // namespace ehds::edelivery
