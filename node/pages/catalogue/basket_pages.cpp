// Into the basket and out of it, on the way to an application.
#include <algorithm>

#include "node/catalogue/record_book.hpp"
#include "node/pages/catalogue/basket.hpp"
#include "node/pages/room_pages.hpp"

namespace ehds::node::pages {
namespace {

http::response changed(visit& who, std::vector<std::string> const& datasets, std::string const& next) {
  auto answer = who.go(next);
  if (keep_basket(answer, datasets)) return answer;
  return who.refuse({"access.basket.too_large", who.say("basket_full"), {}, who.say("basket_full_mend")});
}

http::response put_in(visit& who, http::form const& form) {
  auto const dataset = form.fields.value("dataset");
  auto const kept = who.house.records->find(dataset);
  if (!kept || kept->deleted) return who.refuse({"catalogue.unknown", who.say("no_dataset"), {}, {}});
  auto datasets = basket_of(who.asked);
  if (std::ranges::find(datasets, dataset) == datasets.end()) datasets.emplace_back(dataset);
  return changed(who, datasets, local_path(form.fields.value("next")));
}

http::response take_out(visit& who, http::form const& form) {
  auto datasets = basket_of(who.asked);
  std::erase(datasets, std::string(form.fields.value("dataset")));
  return changed(who, datasets, local_path(form.fields.value("next")));
}

}  // namespace

std::vector<http::route> basket_pages(api::rooms& house) {
  return {open_form(house, "/basket", put_in), open_form(house, "/basket/removals", take_out)};
}

}  // namespace ehds::node::pages
