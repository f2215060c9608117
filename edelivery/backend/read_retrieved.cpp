#include "edelivery/backend/answer_body.hpp"
#include "edelivery/backend/carried_message.hpp"

namespace ehds::edelivery::backend {
namespace {

using outcome = std::variant<plugin_fault, retrieved_message>;

}  // namespace

result<outcome> read_retrieved(byte_source const& soap) {
  auto const lifted = lift_base64(soap, most_text_around_payloads);
  if (!lifted) return lifted.error();
  auto const whole = xml::document::parse(lifted->text, limits_around_payloads());
  if (!whole) return whole.error();
  auto answer = answer_in(whole->root());
  if (!answer) return std::move(answer).error();
  if (auto* const fault = std::get_if<plugin_fault>(&*answer)) return outcome{std::move(*fault)};
  auto const element = std::get<xml::node>(*answer);
  if (element.name() != "retrieveMessageResponse")
    return not_an_answer("the answer is to another question", std::string(element.name().substr(0, 100)));
  auto read = read_carried_message(whole->root(), element, *lifted);
  if (!read) return std::move(read).error();
  return outcome{*std::move(read)};
}

}  // namespace ehds::edelivery::backend
