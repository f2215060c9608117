// ehds-node as4 ping CONFIG --pmode ID: one test message to the partner, through outbox, sender and ledger of the node.
// The running node is asked over its API; the store of one that does not run is opened here. Exit 0: a receipt came.
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "base/numbers.hpp"
#include "node/house/house.hpp"
#include "node/http/fields.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/running_node.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {

char const* const as4_ping_form =
    "ehds-node as4 ping CONFIG --pmode ID [--wait SECONDS] [--json]\n"
    "                          [--account NAME --password-file FILE [--url URL]]   when the node is running";

namespace {

using nlohmann::json;

struct question {
  config::configuration settings;
  std::string pmode;
  std::chrono::seconds patience{};
  std::optional<operator_login> who;  // nothing: the node does not run
};

result<json> ask_until_settled(running_node& node, question const& asked) {
  auto told = node.ask("POST", "/api/test-messages", {{"pmode", asked.pmode}});
  auto const until = std::chrono::steady_clock::now() + asked.patience;
  while (told && told->value("settled_at", json()).is_null() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    auto const id = told->value("message_id", "");
    told = node.ask("GET", "/api/test-messages/" + http::percent_encode(id));
  }
  return told;
}

result<json> ask_alone(question const& asked) {
  auto built = house::house::build(asked.settings);
  if (!built) {
    auto why = built.error().front();
    if (why.code == "store.in_use")
      why = {why.code, "the node is running on this folder and has to be asked itself", why.where,
             "add --account NAME --password-file FILE of one of its operators"};
    return why;
  }
  auto told = (*built)->ping(asked.pmode, asked.patience);
  if (!told) return told.error();
  return json::parse(*told);
}

std::string word(json const& told, char const* name) {
  auto const& found = told.at(name);
  if (found.is_null()) return "-";
  return found.is_string() ? found.get<std::string>() : found.dump();
}

void print_answer(json const& told) {
  std::cout << "test message     " << word(told, "message_id") << "\nP-Mode           " << word(told, "pmode") << ", "
            << word(told, "profile") << "\nfrom, to         " << word(told, "us") << ", " << word(told, "partner")
            << " at " << word(told, "address") << "\nservice          " << word(told, "service")
            << "\nagreement        " << word(told, "agreement") << "\nsigned by        "
            << word(told, "our_certificate") << '\n';
  for (auto const& one : told.at("partner_certificates"))
    std::cout << "receipt must be  " << one.get<std::string>() << '\n';
  std::cout << "posted           " << word(told, "posted_at") << "\nsettled          " << word(told, "settled_at")
            << "\nattempts         " << word(told, "attempts") << "\nreceipt          " << word(told, "receipt_id")
            << "\nreceipt signed   " << word(told, "receipt_signer") << "\nstatus           " << word(told, "status");
  if (!told.at("code").is_null()) std::cout << ": " << word(told, "code") << ", " << word(told, "reason");
  std::cout << '\n';
  if (auto const& pause = told.at("pause"); !pause.is_null())
    std::cout << "partner silent   for " << word(pause, "unanswered_calls") << " calls: not called before "
              << word(pause, "until") << ", then with one message after each pause, the longest due first\n";
}

result<question> read_question(arguments const& given) {
  question asked;
  auto settings = config::read_configuration(given.words()[1]);
  if (!settings) return settings.error().front();
  asked.settings = *std::move(settings);
  asked.pmode = given.value("--pmode");
  auto const seconds = parse_number<std::int64_t>(given.value("--wait", "30"));
  if (!seconds || *seconds < 1 || *seconds > 3600)
    return problem{"usage.value", "--wait takes seconds, 1 to 3600", "", ""};
  asked.patience = std::chrono::seconds{*seconds};
  if (!given.has("--account")) return asked;
  auto who = read_login(given, asked.settings);
  if (!who) return std::move(who).error();
  asked.who = *std::move(who);
  return asked;
}

}  // namespace

int as4_ping(words const& given) {
  auto const read =
      arguments::read(given, {{"--pmode", "--wait", "--account", "--password-file", "--url"}, {"--json"}, 2, 2});
  if (!read || !read->has("--pmode") || read->has("--account") != read->has("--password-file"))
    return complain(std::string("usage: ") + as4_ping_form, 2);
  auto const asked = read_question(*read);
  if (!asked) return complain(to_text(asked.error()), 2);
  auto const told = !asked->who ? ask_alone(*asked)
                                : ask_running_node(*asked->who, asked->settings,
                                                   [&](running_node& node) { return ask_until_settled(node, *asked); });
  if (!told) return complain(to_text(told.error()), 2);
  if (read->has("--json"))
    std::cout << told->dump() << '\n';
  else
    print_answer(*told);
  return told->value("status", "") == "delivered" ? 0 : 1;
}

}  // namespace ehds::node::verbs
