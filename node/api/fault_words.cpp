#include "node/api/fault_words.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace ehds::node::api {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> elements{
    {{"/message_id", "UserMessage/MessageInfo/MessageId"},
     {"/ref_to_message_id", "UserMessage/MessageInfo/RefToMessageId"},
     {"/conversation_id", "UserMessage/CollaborationInfo/ConversationId"},
     {"/action", "UserMessage/CollaborationInfo/Action"},
     {"/properties", "UserMessage/MessageProperties"},
     {"/parts", "UserMessage/PayloadInfo"},
     {"Idempotency-Key", "UserMessage/MessageInfo/MessageId"}}};

}  // namespace

std::string fault_text(problem const& what) {
  auto told = what;
  auto const found =
      std::ranges::find(elements, std::string_view(what.where), [](auto const& one) { return one.first; });
  if (found != elements.end()) told.where = found->second;
  return to_text(told);
}

}  // namespace ehds::node::api
