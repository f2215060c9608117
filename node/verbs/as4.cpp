// ehds-node as4 ping: as4_ping.cpp. ehds-node as4 open FILE: what is this raw AS4 message, under our P-Modes and keys?
// Exit 0 accepted, 1 refused.
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "edelivery/explain/explain_message.hpp"
#include "edelivery/message/open_file.hpp"
#include "edelivery/message/saved_message.hpp"
#include "node/house/partners.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {
namespace {

struct opening_place {
  edelivery::pmode_book const& book;
  edelivery::access_point const& us;
  instant now;
};

// Step by step; parts are opened even when the message is not proven: whoever runs this has the file and our keys.
void explain(std::string_view file, edelivery::opened_file const& opened, opening_place const& at, bool as_json) {
  auto const saved = edelivery::split_saved(file);
  auto told = edelivery::explain_message(saved.content_type, memory_source(saved.body), at.book, at.us, at.now,
                                         {.opens_unproven = true, .signal_mode = at.book.by_id(opened.pmode_id)});
  edelivery::conclude(told, opened.code, opened.diagnosis);
  if (!as_json) {
    std::cout << edelivery::to_text(told);
    return;
  }
  auto both = nlohmann::json::parse(edelivery::to_json(opened));
  both["explanation"] = nlohmann::json::parse(edelivery::to_json(told));
  std::cout << both.dump() << '\n';
}

}  // namespace

int as4(words const& given) {
  if (!given.empty() && given.front() == "ping") return as4_ping(given);
  auto const read = arguments::read(given, {{"--config", "--sent", "--at"}, {"--explain", "--json"}, 2, 2});
  if (!read || read->words()[0] != "open" || !read->has("--config"))
    return complain(
        "usage: ehds-node as4 open FILE --config FILE [--sent FILE] [--at 2027-01-31T12:00:00Z] [--explain "
        "[--json]]\n       " +
            std::string(as4_ping_form),
        2);
  auto const settings = config::read_configuration(read->value("--config"));
  if (!settings) return complain(to_text(settings.error().front()), 2);
  auto const us = house::load_access_point(*settings);
  if (!us) return complain(to_text(us.error()), 2);
  auto const book = house::load_pmodes(*settings);
  if (!book) return complain(to_text(book.error().front()), 2);
  // A message is judged as of its day: of a kept one, when it came.
  auto const at = read->has("--at") ? parse_rfc3339(read->value("--at")) : system_clock{}.now();
  if (!at) return complain("--at takes a moment such as 2027-01-31T12:00:00Z", 2);
  std::string message;
  std::string sent;
  if (!slurp(read->words()[1], message)) return 2;
  if (read->has("--sent") && !slurp(read->value("--sent"), sent)) return 2;
  auto const compared = read->has("--sent") ? std::optional<std::string_view>(sent) : std::nullopt;
  auto const opened = edelivery::open_file(message, compared, *book, *us, *at);
  if (read->has("--explain"))
    explain(message, opened, {*book, *us, *at}, read->has("--json"));
  else
    std::cout << edelivery::to_json(opened) << '\n';
  return opened.accepted ? 0 : 1;
}

}  // namespace ehds::node::verbs
