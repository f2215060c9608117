#include "edelivery/backend/retrieved_stream.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/bytes.hpp"

namespace ehds::edelivery::backend {
namespace {

// The base64 of `from` at and after that place of the encoded text; whole groups are encoded, whatever is asked.
result<std::string_view> look_encoded(byte_source const& from, std::uint64_t at, std::size_t most, std::string& space) {
  auto const group = at / 4;
  auto const within = static_cast<std::size_t>(at % 4);
  auto const groups = (within + most + 3) / 4;
  std::string plain;
  auto const bytes = from.look(group * 3, groups * 3, plain);
  if (!bytes) return bytes.error();
  space = to_base64(*bytes);
  return std::string_view(space).substr(std::min(within, space.size()), most);
}

}  // namespace

retrieved_stream::retrieved_stream(std::vector<std::string> texts, std::vector<std::unique_ptr<byte_source>> payloads,
                                   payload_form form)
    : form_(form), texts_(std::move(texts)), payloads_(std::move(payloads)) {
  if (texts_.size() != payloads_.size() + 1) throw std::invalid_argument("one text more than payloads");
  for (std::size_t n = 0; n < texts_.size(); ++n) {
    add(&texts_[n], nullptr);
    if (n < payloads_.size()) add(nullptr, payloads_[n].get());
  }
}

void retrieved_stream::add(std::string const* text, byte_source const* payload) {
  auto const size = text != nullptr                      ? text->size()
                    : form_ == payload_form::as_they_are ? payload->size()
                                                         : (payload->size() + 2) / 3 * 4;
  if (size > 0) stretches_.push_back({size_, size, text, payload});
  size_ += size;
}

result<std::string_view> retrieved_stream::look(std::uint64_t at, std::size_t most, std::string& space) const {
  if (at >= size_) return std::string_view{};
  auto const after = std::ranges::upper_bound(stretches_, at, {}, &stretch::at);
  auto const& here = *(after - 1);
  auto const within = at - here.at;
  auto const left = std::min<std::uint64_t>(most, here.size - within);
  if (here.text != nullptr)
    return std::string_view(*here.text).substr(static_cast<std::size_t>(within), static_cast<std::size_t>(left));
  if (form_ == payload_form::as_they_are) return here.payload->look(within, static_cast<std::size_t>(left), space);
  return look_encoded(*here.payload, within, static_cast<std::size_t>(left), space);
}

}  // namespace ehds::edelivery::backend
