#include "node/pages/navigation.hpp"

#include <algorithm>

#include "node/pages/page_files.hpp"

namespace ehds::node::pages {
namespace {

using identity::role;

struct place {
  bool there;
  char const* address;
  char const* words;
};

std::vector<place> places_for(visit const& who) {
  auto const& house = who.house;
  return {
      {true, "/", "nav_catalogue"},
      {house.public_entries != nullptr, "/register", "nav_register"},
      {house.centre != nullptr && who.may({role::applicant}), "/applications", "nav_applications"},
      {house.desk != nullptr && who.may({role::screener, role::assessor, role::decider, role::data_preparer,
                                         role::auditor, role::operator_}),
       "/desk", "nav_desk"},
      {house.jobs != nullptr && who.may({role::data_preparer, role::decider, role::auditor}), "/desk/queries",
       "nav_queries"},
      {house.questions != nullptr && who.may({role::data_preparer, role::decider, role::auditor}), "/questions",
       "nav_questions"},
      {who.may({role::operator_, role::auditor}), "/ledger", "nav_ledger"},
      {static_cast<bool>(house.certificates) && who.may({role::operator_, role::auditor}), "/certificates",
       "nav_certificates"},
  };
}

// "/desk" is not where one is on "/desk/queries", which has its own place.
bool is_here(std::string_view path, std::string_view place) {
  if (place == "/") return path == "/" || path.starts_with("/datasets/");
  if (place == "/applications" && path.starts_with("/drafts/")) return true;
  if (place == "/desk" && path.starts_with("/desk/queries")) return false;
  return path == place || path.starts_with(std::string(place) + "/");
}

value languages_of(visit const& who) {
  return value::list(fixed_texts::languages(), [&](std::string const& one) {
    bool const can_stay = who.asked.method == "GET" || who.asked.method == "HEAD";
    return value::object({{"code", one},
                          {"name", fixed_texts::in(one).at("language_name")},
                          {"address", can_stay ? address_with(who.asked, "lang", one) : "/?lang=" + one},
                          {"chosen", value(one == who.language())}});
  });
}

}  // namespace

std::string address_with(http::request const& asked, std::string_view name, std::string_view to) {
  std::string query;
  auto const add = [&query](std::string_view key, std::string_view text) {
    query += (query.empty() ? "?" : "&") + http::percent_encode(key) + "=" + http::percent_encode(text);
  };
  for (auto const& one : asked.query)
    if (one.name != name) add(one.name, one.value);
  if (!to.empty()) add(name, to);
  return asked.path + query;
}

value paging_of(http::request const& asked, std::size_t offset, std::size_t limit, std::size_t total) {
  auto const last = std::min(offset + limit, total);
  std::string const previous =
      offset == 0 ? "" : address_with(asked, "offset", offset > limit ? std::to_string(offset - limit) : "");
  std::string const next = last >= total ? "" : address_with(asked, "offset", std::to_string(last));
  return value::object({{"previous", previous},
                        {"next", next},
                        {"first", value(std::min(offset + 1, total))},
                        {"last", value(last)},
                        {"total", value(total)}});
}

value layout_of(visit const& who, std::string const& title) {
  std::vector<value> places;
  for (auto const& [there, address, words] : places_for(who))
    if (there)
      places.push_back(value::object(
          {{"address", address}, {"name", who.say(words)}, {"here", value(is_here(who.asked.path, address))}}));
  auto const* const person = who.who();
  return value::object({{"language", who.language()},
                        {"title", title},
                        {"node", who.house.self.name},
                        {"node_id", who.house.self.id},
                        {"central", value(who.house.self.central)},
                        {"rehearsal", value(static_cast<bool>(who.house.move_clock))},
                        {"style", static_address("style.css")},
                        {"script", static_address("page.js")},
                        {"places", value::list(std::move(places))},
                        {"languages", languages_of(who)},
                        {"person", person == nullptr              ? ""
                                   : person->display_name.empty() ? person->id
                                                                  : person->display_name}});
}

}  // namespace ehds::node::pages
