// The catalogue: search with facets, and a dataset with its variables.
#include "node/api/catalogue_words.hpp"
#include "node/pages/catalogue/dataset_view.hpp"
#include "node/pages/catalogue/search_view.hpp"
#include "node/pages/room_pages.hpp"

namespace ehds::node::pages {
namespace {

http::response home(visit& who) {
  auto query = api::search_query_of(who.asked);
  if (!query) return who.refuse(query.error());
  query->language = who.language();
  auto const found = who.house.search->find(*query);
  return who.page("home", who.say("nav_catalogue"), search_view(who, *query, found));
}

http::response dataset(visit& who) {
  auto const kept = who.house.records->find(who.asked.parameter("dataset"));
  if (!kept) return who.refuse({"catalogue.unknown", who.say("no_dataset"), {}, who.say("no_dataset_mend")});
  if (kept->deleted)
    return who.refuse({"catalogue.gone", who.say("dataset_withdrawn"), {}, who.say("no_dataset_mend")});
  auto view = dataset_view(who, *kept);
  if (auto const set = who.house.records->variables(kept->id); set && set->column_count() > 0)
    view.set("variables", variables_view(who, *set));
  auto const* const title = view.find("heading");
  auto answer = who.page("dataset", title->text(), view);
  for (auto const* const ending : {"ttl", "rdf", "jsonld"})
    answer.headers.add(
        "Link", "</api/datasets/" + http::percent_encode(kept->id) + "?format=" + ending + ">; rel=\"alternate\"");
  return answer;
}

}  // namespace

std::vector<http::route> catalogue_pages(api::rooms& house) {
  return {open_page(house, "/", home), open_page(house, "/datasets/{dataset}", dataset)};
}

}  // namespace ehds::node::pages
