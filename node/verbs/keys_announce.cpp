// ehds-node keys announce CONFIG: the running node tells its partners of an imported certificate by message (ebCore
// Certificate Update). Exit 0: told to all; 1: not to some, or nobody.
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "node/verbs/running_node.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {

char const* const keys_announce_form =
    "ehds-node keys announce CONFIG --for sign,encrypt [--partner ID] [--activate-by TIME] [--expire-by TIME]\n"
    "                               [--another-subject] --account NAME --password-file FILE [--url URL]";

namespace {

using nlohmann::json;

json announcement_of(arguments const& given) {
  json keys = json::array();
  auto const names = given.value("--for");
  for (std::size_t at = 0; at <= names.size();) {
    auto const end = std::min(names.find(',', at), names.size());
    if (end > at) keys.push_back(names.substr(at, end - at));
    at = end + 1;
  }
  json said{{"keys", keys}};
  for (auto const& [member, flag] :
       {std::pair{"partner", "--partner"}, {"activate_by", "--activate-by"}, {"expire_by", "--expire-by"}})
    if (given.has(flag)) said[member] = given.value(flag);
  if (given.has("--another-subject")) said["another_subject"] = true;
  return said;
}

std::string text_of(json const& from, char const* member) {
  auto const found = from.find(member);
  return found != from.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// What the node keeps of it: the agreement, and from when to when which certificate counts.
void print_terms(json const& update) {
  auto const expires = text_of(update, "expire_by");
  std::cout << "  agreement " << text_of(update, "agreement") << ", active from " << text_of(update, "activate_by")
            << ", the one before counts until " << (expires.empty() ? "it ends" : expires) << '\n';
  for (auto const& change : update.value("changes", json::array())) {
    auto const next = change.value("next", json::object());
    std::cout << "  " << text_of(next, "subject") << ", valid from " << text_of(next, "valid_from") << " to "
              << text_of(next, "valid_to") << ", sha256 " << text_of(next, "sha256") << '\n';
  }
}

int print(json const& told, json const& updates) {
  for (auto const& one : told.at("announced")) {
    std::cout << "announced to " << one.at("partner").get<std::string>() << ", number " << one.at("number") << '\n';
    for (auto const& update : updates)
      if (update.value("number", json()) == one.at("number")) print_terms(update);
  }
  for (auto const& one : told.at("not_announced"))
    std::cout << "not to " << one.at("partner").get<std::string>() << ": " << one.at("detail").get<std::string>() << " "
              << one.at("mend").get<std::string>() << '\n';
  return told.at("not_announced").empty() ? 0 : 1;
}

// Told is told, whether or not the node shows it afterwards.
json shown_updates(running_node& node) {
  auto const shown = node.ask("GET", "/api/certificate-updates");
  return shown && shown->is_object() ? shown->value("certificate_updates", json::array()) : json::array();
}

}  // namespace

int keys_announce(words const& given) {
  auto const read = arguments::read(
      given, {{"--for", "--partner", "--activate-by", "--expire-by", "--account", "--password-file", "--url"},
              {"--another-subject"},
              2,
              2});
  if (!read || !read->has("--for") || !read->has("--account") || !read->has("--password-file"))
    return complain(std::string("usage: ") + keys_announce_form, 2);
  auto const settings = config::read_configuration(read->words()[1]);
  if (!settings) return complain(to_text(settings.error().front()), 2);
  auto const who = read_login(*read, *settings);
  if (!who) return complain(to_text(who.error()), 2);
  json updates = json::array();
  auto const told = ask_running_node(*who, *settings, [&](running_node& node) {
    auto done = node.ask("POST", "/api/certificate-updates", announcement_of(*read));
    if (done && !done->at("announced").empty()) updates = shown_updates(node);
    return done;
  });
  return told ? print(*told, updates) : complain(to_text(told.error()), 1);
}

}  // namespace ehds::node::verbs
