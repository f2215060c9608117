// Every route on one page: which surfaces a node has depends on the part it plays.
#include <iterator>

#include "node/api/query_rules.hpp"
#include "node/api/surfaces.hpp"

namespace ehds::node::api {
namespace {

http::router of(std::vector<std::vector<http::route>> surfaces) {
  http::router table;
  for (auto& surface : surfaces)
    for (auto& route : surface) table.add(as_described(std::move(route)));
  // What a browser or a cache must not guess.
  table.around([](http::request const& asked, http::handler const& next) {
    auto answer = next(asked);
    answer.headers.set("X-Content-Type-Options", "nosniff");
    if (!answer.headers.has("Cache-Control")) answer.headers.set("Cache-Control", "no-store");
    return answer;
  });
  return table;
}

}  // namespace

http::router public_router(rooms& house) {
  std::vector<std::vector<http::route>> surfaces{
      operations_routes(house), session_routes(house), key_routes(house),          catalogue_routes(house),
      public_routes(house),     ledger_routes(house),  test_message_routes(house), refusal_routes(house),
      back_end_routes(house),   wsplugin_routes(house)};
  if (!house.take_push) surfaces.push_back(message_routes(house));
  if (house.updates != nullptr) surfaces.push_back(certificate_update_routes(house));
  if (house.centre != nullptr) surfaces.push_back(centre_routes(house));
  if (house.desk != nullptr) {
    surfaces.push_back(case_routes(house));
    surfaces.push_back(dispatcher_routes(house));
  }
  if (house.jobs != nullptr) surfaces.push_back(federation_routes(house));
  return of(std::move(surfaces));
}

http::router internal_router(rooms& house) {
  std::vector<std::vector<http::route>> surfaces{operations_routes(house)};
  if (house.jobs != nullptr) surfaces.push_back(zone_routes(house));
  if (house.take_push) surfaces.push_back(push_routes(house));
  return of(std::move(surfaces));
}

}  // namespace ehds::node::api
