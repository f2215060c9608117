#include "node/pages/pages.hpp"

#include <iterator>

#include "node/pages/page_files.hpp"
#include "node/pages/room_pages.hpp"

namespace ehds::node::pages {

std::vector<http::route> page_routes(api::rooms& house) {
  if (house.sessions == nullptr) return {};  // a data zone opens no door to people
  std::vector<http::route> all{static_files()};
  auto const add = [&all](std::vector<http::route> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add(session_pages(house));
  add(ledger_pages(house));
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

}  // namespace ehds::node::pages
