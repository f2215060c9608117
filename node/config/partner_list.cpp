#include "node/config/partner_list.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "node/config/commented_json.hpp"
#include "node/config/object_reader.hpp"

namespace ehds::node::config {

namespace {

listed_partner read_partner(nlohmann::json const& value, std::string const& where, reading_context& context) {
  object_reader in(&value, where, context);
  listed_partner one;
  in.text("nation_id", one.nation_id, need::required);
  in.text("party_id", one.party_id, need::required);
  if (!one.nation_id.empty() && !is_nation(one.nation_id))
    in.wrong("nation_id", "config.value", "A nation is two capital letters.", "Write FR, or EU for the centre.");
  in.finish();
  return one;
}

}  // namespace

std::expected<std::vector<listed_partner>, problems> parse_partners(std::string_view text) {
  auto const document = parse_commented(text);
  if (!document) return std::unexpected(document.error());
  environment const no_secrets = process_environment();
  reading_context context{{}, no_secrets, {}};
  object_reader top(&*document, "", context);
  std::vector<listed_partner> all;
  std::map<std::string, std::string> places;  // of the access points
  auto const* const list = top.member("partners");
  if (document->is_object() && list == nullptr)
    top.wrong("partners", "config.missing", "There is no list of partners.",
              R"(Add "partners": [{"nation_id": .., "party_id": ..}]; an empty list where there are none.)");
  if (list != nullptr && !list->is_array())
    top.wrong("partners", "config.type", "A list is expected here.", "Write [...].");
  for (std::size_t i = 0; list != nullptr && list->is_array() && i < list->size(); ++i) {
    auto const place = top.place("partners") + "/" + std::to_string(i);
    all.push_back(read_partner((*list)[i], place, context));
    auto const& id = all.back().party_id;
    if (auto const [first, is_new] = places.emplace(id, place); !id.empty() && !is_new)
      top.wrong("partners/" + std::to_string(i) + "/party_id", "config.value",
                "The access point \"" + id + "\" stands at " + first->second + " already.", "Keep one of them.");
  }
  top.finish();
  if (!context.found.empty()) return std::unexpected(std::move(context.found));
  return all;
}

}  // namespace ehds::node::config
