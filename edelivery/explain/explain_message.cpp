#include "edelivery/explain/explain_message.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "edelivery/compression/gzip.hpp"
#include "edelivery/message/payloads.hpp"
#include "edelivery/message/read_frame.hpp"
#include "edelivery/security/explain_security.hpp"

namespace ehds::edelivery {

namespace {

finding good_if(bool good) { return good ? finding::good : finding::wrong; }

std::string number(std::uint64_t value) { return std::to_string(value); }

// What unpacked bytes amount to; they go nowhere.
class measuring final : public byte_sink {
 public:
  result<void> add(std::string_view bytes) override {
    size_ += bytes.size();
    return {};
  }
  std::uint64_t size() const { return size_; }

 private:
  std::uint64_t size_ = 0;
};

class look {
 public:
  look(byte_source const& body, pmode_book const& book, access_point const& us, instant now, explaining const& how)
      : body_(body), book_(book), us_(us), now_(now), how_(how) {}

  explanation at(std::string_view content_type) {
    auto const mime = at_mime(content_type);
    if (!mime) return std::move(told_);
    auto const envelope = parse_envelope(mime->root_bytes);
    auto& soap = told_.add("SOAP envelope");
    soap.fact("bytes", number(mime->root_bytes.size()));
    if (!envelope) {
      soap.failed(envelope.error());
      return std::move(told_);
    }
    soap.fact("body", envelope->body().children().empty() ? "empty" : "NOT empty");
    soap.fact("security header", envelope->security() ? "one" : "none").outcome = finding::good;
    auto const content = read_messaging(envelope->messaging());
    if (!content) {
      told_.add("ebMS header").fact("message id", readable_message_id(envelope->messaging())).failed(content.error());
      return std::move(told_);
    }
    auto const* const header = std::get_if<user_message>(&*content);
    if (header == nullptr) {
      at_signal(*content, *envelope);
    } else {
      at_user_message(*header, *mime, *envelope);
    }
    return std::move(told_);
  }

 private:
  std::optional<mime_layout> at_mime(std::string_view content_type) {
    mime_limits const generous{.bytes = std::uint64_t{1} << 40, .parts = 1024, .header_bytes = 64 * 1024};
    auto mime = lay_out_mime(content_type, body_, generous);
    auto& whole = told_.add("MIME body");
    whole.fact("Content-Type", content_type).fact("bytes", number(body_.size()));
    if (!mime) {
      whole.failed(mime.error());
      return std::nullopt;
    }
    whole.fact("parts beside the SOAP envelope", number(mime->parts.size())).outcome = finding::good;
    for (auto const& part : mime->parts)
      told_.add("MIME part", "cid:" + part.content_id)
          .fact("Content-Type", part.media_type)
          .fact("bytes", number(part.size));
    return *std::move(mime);
  }

  void describe(user_message const& header) {
    auto& step = told_.add("ebMS header");
    auto const typed = [](std::string const& value, std::string const& type) {
      return type.empty() ? value : value + " (type " + type + ")";
    };
    step.fact("message id", header.message_id).fact("answers", header.ref_to_message_id);
    step.fact("timestamp", to_rfc3339(header.timestamp));
    step.fact("from", typed(header.from.id, header.from.type)).fact("from role", header.from.role);
    step.fact("to", typed(header.to.id, header.to.type)).fact("to role", header.to.role);
    step.fact("agreement", typed(header.agreement, header.agreement_type));
    step.fact("service", typed(header.service, header.service_type)).fact("action", header.action);
    step.fact("channel", header.mpc);
    for (auto const& one : header.properties) step.fact("message property", one.name);
    step.outcome = finding::good;
  }

  void at_user_message(user_message const& header, mime_layout const& mime, parsed_envelope const& envelope) {
    describe(header);
    auto const mode = book_.for_received(header);
    auto& step = told_.add("P-Mode");
    if (!mode) {
      step.failed(mode.error());
      return;
    }
    step.fact("id", (*mode)->id).fact("profile", (*mode)->security.id).outcome = finding::good;
    at_rules(header, mime, **mode);
    std::vector<announced_part> parts;
    for (auto const& part : mime.parts) parts.push_back({part.content_id, part.media_type});
    auto& listed = told_.add("eb:PayloadInfo");
    for (auto const& one : header.parts) listed.fact("PartInfo", "cid:" + one.content_id);
    auto const matched = match_payloads(header.parts, mime.parts);
    listed.outcome = good_if(matched.has_value());
    if (!matched) listed.failed(matched.error());
    opening const terms{(*mode)->security, (*mode)->trust, us_.decryption, now_};
    auto const found = explain_security(envelope, parts, terms, how_.opens_unproven, told_);
    for (std::size_t n = 0; n < mime.parts.size(); ++n) at_part(n, header, mime.parts[n], found, **mode);
  }

  void at_rules(user_message const& header, mime_layout const& mime, pmode const& mode) {
    auto& limits = told_.add("limits of the P-Mode");
    limits.fact("bytes allowed", number(mode.limits.message_bytes)).fact("parts allowed", number(mode.limits.parts));
    limits.outcome = good_if(body_.size() <= mode.limits.message_bytes && mime.parts.size() <= mode.limits.parts);
    auto& age = told_.add("timestamp");
    age.fact("now", to_rfc3339(now_))
        .fact("remembered for days", number(static_cast<std::uint64_t>(mode.duplicate_window.count())));
    age.outcome =
        good_if(header.timestamp >= now_ - mode.duplicate_window && header.timestamp <= now_ + std::chrono::hours{24});
    if (header.is_test()) return;
    auto const properties = check_properties(header.properties, mode, direction::receive);
    auto& step = told_.add("message properties");
    step.outcome = good_if(properties.has_value());
    if (!properties) step.failed(properties.error());
  }

  void at_signal(messaging_content const& content, parsed_envelope const& envelope) {
    auto& step = told_.add("ebMS header");
    if (auto const* const got = std::get_if<receipt>(&content)) {
      step.fact("signal", "receipt").fact("message id", got->message_id).fact("acknowledges", got->ref_to_message_id);
      for (auto const& one : got->references) step.fact("reference", one.uri + " " + one.digest);
    } else if (auto const* const error = std::get_if<error_signal>(&content)) {
      step.fact("signal", "error").fact("message id", error->message_id).fact("about", error->ref_to_message_id);
      for (auto const& one : error->errors) step.fact("error", one.code + " " + one.short_description);
    } else {
      auto const& asked = std::get<pull_request>(content);
      step.fact("signal", "pull request").fact("message id", asked.message_id).fact("channel", asked.mpc);
    }
    step.outcome = finding::good;
    auto& judged = told_.add("P-Mode");
    if (how_.signal_mode == nullptr) {
      judged.outcome = finding::not_looked_at;
      return;
    }
    auto const& mode = *how_.signal_mode;
    judged.fact("id", mode.id).fact("profile", mode.security.id);
    explain_security(envelope, {}, {mode.security, mode.trust, {}, now_}, false, told_);
  }

  void at_part(std::size_t number_of_part, user_message const& header, laid_out_part const& part,
               explained_security const& security, pmode const& mode) {
    auto& step = told_.add("payload", "cid:" + part.content_id);
    auto const info = std::ranges::find(header.parts, part.content_id, &part_info::content_id);
    bool const is_gzip = info != header.parts.end() && info->property("CompressionType") == gzip_type;
    if (info != header.parts.end()) {
      step.fact("MimeType", info->property("MimeType")).fact("CharacterSet", info->property("CharacterSet"));
      step.fact("CompressionType", info->property("CompressionType"));
    }
    step.outcome = finding::not_looked_at;
    if (number_of_part >= security.parts.size()) {
      step.fact("why", security.is_proven ? "it cannot be opened" : "the message is not proven");
      return;
    }
    if (part.size > how_.most_payload_bytes) {
      step.fact("why", "it is too large to be opened a second time");
      return;
    }
    open(step, part, security.parts[number_of_part], is_gzip, mode);
    for (auto const& one : security.awaited)
      if (one.part == number_of_part) compare(one);
  }

  // As when it is received. While a peer waits, what cannot be decrypted is neither unpacked nor read as XML: how long
  // that takes would tell of bytes that nobody proved.
  void open(explained_step& step, laid_out_part const& part, part_terms const& terms, bool is_gzip, pmode const& mode) {
    computed_.clear();
    auto const content = content_of(body_, part);
    if (!content) {
      step.failed(content.error());
      return;
    }
    part_opening opening(terms);
    attachment_digest_stream digest(terms.mime_type);
    gunzip_stream unpacker((*content)->size(), mode.limits.unpacked);
    measuring out;
    std::uint64_t plain_size = 0;
    std::string packed;
    result<void> unpacked;
    auto const read = each_piece(**content, [&](std::string_view piece) -> result<void> {
      auto const plain = opening.add(piece);
      plain_size += plain.size();
      digest.add(plain);
      if (is_gzip && !how_.opens_unproven) packed.append(plain);
      if (is_gzip && how_.opens_unproven && unpacked) unpacked = unpacker.add(plain, out);
      return {};
    });
    auto opened = read ? opening.finish() : read;
    bool const reads_on = opened || how_.opens_unproven;
    if (is_gzip && reads_on && unpacked) unpacked = unpacker.add(packed, out);
    if (is_gzip && reads_on && unpacked) unpacked = unpacker.finish();
    if (auto made = reads_on ? digest.finish() : result<std::string>("")) computed_ = *made;
    step.fact("bytes decrypted", number(plain_size));
    if (is_gzip && reads_on) step.fact("bytes unpacked", number(out.size()));
    if (is_gzip && !unpacked) step.fact("unpacking", unpacked.error().detail);
    step.outcome = good_if(opened.has_value() && unpacked.has_value());
    if (!opened) step.failed(opened.error());
  }

  void compare(awaited_part const& one) {
    auto& reference = told_.at(one.step);
    bool const equal = computed_ == one.digest;
    if (!computed_.empty()) reference.fact("digest computed", to_base64(computed_));
    if (!equal) reference.fact("why", "the part was changed after signing, or cannot be decrypted");
    // What was wrong with its form stays wrong.
    if (reference.outcome == finding::not_looked_at || !equal) reference.outcome = good_if(equal);
  }

  byte_source const& body_;
  pmode_book const& book_;
  access_point const& us_;
  instant now_;
  explaining const& how_;
  explanation told_;
  std::string computed_;  // digest of the part opened last
};

}  // namespace

explanation explain_message(std::string_view content_type, byte_source const& body, pmode_book const& book,
                            access_point const& us, instant now, explaining const& how) {
  return look(body, book, us, now, how).at(content_type);
}

void conclude(explanation& told, std::string_view code, std::optional<problem> const& diagnosis) {
  auto& step = told.add_last("verdict");
  step.outcome = code.empty() && !diagnosis ? finding::good : finding::wrong;
  step.fact("told to the peer", code);
  if (diagnosis) step.failed(*diagnosis);
}

}  // namespace ehds::edelivery
