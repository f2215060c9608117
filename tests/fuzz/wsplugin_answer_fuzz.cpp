// Any bytes as an answer of a Domibus's WS plug-in, or as what it pushes: read within limits, or refused with
// a sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "edelivery/backend/plugin_client.hpp"
#include "edelivery/backend/push.hpp"

namespace {

using namespace ehds;
using namespace ehds::edelivery::backend;

void demand(bool so) {
  if (!so) std::abort();
}

void look_at(problem const& why) { demand(!why.code.empty() && !why.detail.empty()); }

void look_at(retrieved_message const& read, std::string_view soap) {
  demand(read.payloads.size() <= 128 && !read.header.message_id.empty() && !read.header.from.id.empty());
  for (auto const& each : read.payloads) {
    demand(!each.payload_id.empty() && !each.mime_type.empty());
    // One of the three at most, and what is pointed to lies in the answer.
    demand((each.bytes.empty() ? 0 : 1) + (each.base64.empty() ? 0 : 1) + (each.attachment.empty() ? 0 : 1) <= 1);
    if (each.base64.empty()) continue;
    demand(each.base64.at <= soap.size() && each.base64.size <= soap.size() - each.base64.at);
    string_sink all;
    memory_source const base64(soap.substr(each.base64.at, each.base64.size));
    if (auto const done = decode_base64(base64, all); !done) look_at(done.error());
    demand(all.text.size() <= each.base64.size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const soap{reinterpret_cast<char const*>(data), size};
  auto const answer = read_answer(soap);
  if (!answer)
    look_at(answer.error());
  else if (auto const* const fault = std::get_if<plugin_fault>(&*answer))
    demand(fault->message.size() <= 500 && fault->code.size() <= 500);
  auto const pushed = read_push(memory_source(soap));
  if (!pushed)
    look_at(pushed.error());
  else if (auto const* const notice = std::get_if<push_notice>(&*pushed))
    demand(notice->message_ids.size() <= 1000);
  else
    look_at(std::get<retrieved_message>(*pushed), soap);
  auto const retrieved = read_retrieved(memory_source(soap));
  if (!retrieved)
    look_at(retrieved.error());
  else if (auto const* const message = std::get_if<retrieved_message>(&*retrieved))
    look_at(*message, soap);
  return 0;
}
