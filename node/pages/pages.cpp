#include "node/pages/pages.hpp"

#include <iterator>

#include "node/pages/page_files.hpp"
#include "node/pages/room_pages.hpp"
#include "node/pages/visit.hpp"

namespace ehds::node::pages {

std::vector<http::route> page_routes(api::rooms& house) {
  if (house.sessions == nullptr) return {};  // a data zone opens no door to people
  std::vector<http::route> all{static_files()};
  auto const add = [&all](std::vector<http::route> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add(session_pages(house));
  add(ledger_pages(house));
  add(certificate_pages(house));
  add(message_pages(house));
  if (house.search != nullptr) add(catalogue_pages(house));
  if (house.public_entries != nullptr) add(register_pages(house));
  if (house.centre != nullptr) {
    add(basket_pages(house));
    add(draft_pages(house));
    add(application_pages(house));
  }
  if (house.desk != nullptr) add(desk_pages(house));
  if (house.jobs != nullptr) add(query_pages(house));
  if (house.questions != nullptr) add(question_pages(house));
  return all;
}

http::response with_page_for_nothing(api::rooms& house, http::request const& asked, http::response answer) {
  bool const nothing_there = answer.status == 404 && answer.body.find("\"http.not_found\"") != std::string::npos;
  bool const reads_pages = asked.headers.get("Accept").find("text/html") != std::string_view::npos;
  if (!nothing_there || !reads_pages || house.sessions == nullptr) return answer;
  visit const who(house, asked);
  auto const heading = who.say("not_found");
  return who.page(
      "notice", heading,
      value::object({{"heading", heading}, {"detail", who.say("no_page")}, {"mend", ""}, {"code", "http.not_found"}}),
      404);
}

}  // namespace ehds::node::pages
