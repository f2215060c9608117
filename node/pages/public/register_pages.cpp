// The public register (Art. 57(1)(j)): every application, every decision with its reasons.
#include "node/access/register/public_register.hpp"
#include "node/pages/centre/draft_view.hpp"
#include "node/pages/moments.hpp"
#include "node/pages/room_pages.hpp"
#include "node/pages/sentences.hpp"

namespace ehds::node::pages {
namespace {

value texts_view(std::vector<std::string> const& texts) {
  return value::list(texts, [](std::string const& one) { return value(one); });
}

value entry_view(visit const& who, access::register_entry const& e) {
  auto const grounds = value::list(e.grounds, [](access::decision_ground const& one) {
    return value::object({{"criterion", one.criterion}, {"text", one.text}});
  });
  return value::object({{"case", e.case_id},
                        {"application", e.application_id},
                        {"authority", authority_in_words(who, e.authority)},
                        {"type", type_in_words(who, e.type)},
                        {"heading", e.title.empty() ? e.application_id : e.title},
                        {"applicant", e.applicant},
                        {"purposes", texts_view(e.purposes)},
                        {"summary", e.summary},
                        {"datasets", texts_view(e.datasets)},
                        {"status", who.texts().of_code("status", e.status)},
                        {"decision", e.decision.empty() ? "" : who.texts().of_code("outcome", e.decision)},
                        {"grounds", grounds},
                        {"permit", e.permit_id},
                        {"permit_status", who.texts().of_code("permit", e.permit_status)},
                        {"valid_to", e.valid_to},
                        {"received", moment(e.received)},
                        {"decided", e.decided ? moment(*e.decided) : value("")},
                        {"updated", moment(e.updated)}});
}

http::response list(visit& who) {
  auto const entries =
      value::list(who.house.public_entries->entries(), [&](auto const& entry) { return entry_view(who, entry); });
  return who.page("register", who.say("nav_register"), value::object({{"entries", entries}}));
}

http::response show(visit& who) {
  auto const entry = who.house.public_entries->find(who.asked.parameter("case"));
  if (!entry) return who.refuse({"access.register.unknown", who.say("no_entry"), {}, {}});
  return who.page("register_entry", entry->title, entry_view(who, *entry));
}

}  // namespace

std::vector<http::route> register_pages(api::rooms& house) {
  return {open_page(house, "/register", list), open_page(house, "/register/{case}", show)};
}

}  // namespace ehds::node::pages
