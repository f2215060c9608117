#include "edelivery/message/sealed_stream.hpp"

#include <utility>

#include "edelivery/libraries/libraries.hpp"
#include "edelivery/mime/write_multipart.hpp"

namespace ehds::edelivery {

problem damaged_store() {
  return {"edelivery.pack.stored", "the stored bytes of an outgoing message cannot be read back", "outbox",
          "check the disk; submit the message anew"};
}

// What we wrote ourselves.
mime_limits own_limits(std::uint64_t size) { return {.bytes = size, .parts = 4096, .header_bytes = 64 * 1024}; }

result<std::unique_ptr<sealed_stream>> sealed_stream::open(std::string const& content_type, byte_source const& stored,
                                                           pmode const& mode, instant now) {
  std::unique_ptr<sealed_stream> made(new sealed_stream(stored));
  auto layout = lay_out_mime(content_type, stored, own_limits(stored.size()));
  if (!layout) return damaged_store();
  made->layout_ = *std::move(layout);
  if (made->layout_.parts.empty()) {
    made->content_type_ = content_type;
    made->stretches_.push_back({std::string{made->layout_.root_bytes}});
    made->size_ = made->layout_.root_bytes.size();
    return made;
  }
  if (auto framed = made->frame(mode, now); !framed) return std::move(framed).error();
  return made;
}

result<std::string> sealed_stream::envelope_for(pmode const& mode, instant now) {
  std::string soap{layout_.root_bytes};
  if (mode.security.encryption == payload_encryption::none) return soap;
  auto const recipient = judged_with_memory([&] { return encryption_certificate(mode, now); });
  if (!recipient) return recipient.error();
  std::vector<announced_part> announced;
  for (auto const& part : layout_.parts) announced.push_back({part.content_id, part.media_type});
  auto sealed = judged_with_memory([&] { return encrypt_envelope(soap, announced, mode.security, *recipient); });
  if (!sealed) return std::move(sealed).error();
  content_key_ = std::move(sealed->content_key);
  return std::move(sealed->soap);
}

// The SOAP part first: some peers take the first part for it, whatever the start parameter says.
result<void> sealed_stream::frame(pmode const& mode, instant now) {
  auto const envelope = envelope_for(mode, now);
  if (!envelope) return envelope.error();
  multipart_frame const frame;
  content_type_ = frame.content_type();
  auto text = frame.begin_root() + *envelope + "\r\n";
  bool const seals = !content_key_.empty();
  for (auto const& part : layout_.parts) {
    auto const begin = frame.begin_part(part.content_id, seals ? sealed_part_type : part.media_type);
    if (!begin) return begin.error();
    text += *begin;
    size_ += text.size() + part.size + (seals ? sealing_growth : 0);
    stretches_.push_back({std::exchange(text, "\r\n"), &part});
  }
  text += frame.end();
  size_ += text.size();
  stretches_.push_back({std::move(text)});
  return {};
}

result<std::string_view> sealed_stream::next() {
  while (at_ < stretches_.size()) {
    auto const& here = stretches_[at_];
    if (stage_ == stage::text) {
      stage_ = stage::begin;
      if (!here.text.empty()) return std::string_view{here.text};
    }
    if (here.part != nullptr) {
      auto piece = next_of_part();
      if (!piece || !piece->empty()) return piece;
    }
    ++at_;
    stage_ = stage::text;
  }
  return std::string_view{};
}

// Empty when the part is over.
result<std::string_view> sealed_stream::next_of_part() {
  auto const& part = *stretches_[at_].part;
  if (stage_ == stage::begin) {
    stage_ = stage::content;
    done_ = 0;
    sealing_ = content_key_.empty() ? nullptr : std::make_unique<part_sealing>(content_key_);
    if (sealing_) return sealing_->start();
  }
  if (stage_ == stage::content && done_ < part.size) {
    auto const piece = source_range(stored_, part.at, part.size).look(done_, source_piece, space_);
    if (!piece) return piece;
    if (piece->empty()) return damaged_store();
    done_ += piece->size();
    return sealing_ ? sealing_->add(*piece) : *piece;
  }
  if (stage_ == stage::content) {
    stage_ = stage::end;
    if (sealing_) {
      space_ = sealing_->finish();
      return std::string_view{space_};
    }
  }
  return std::string_view{};
}

}  // namespace ehds::edelivery
