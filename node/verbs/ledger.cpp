// ehds-node ledger: the messages of a node, read from its store; the node may be running.
#include <iostream>

#include "node/config/configuration.hpp"
#include "node/exchange/ledger.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {
namespace {

constexpr char const* ledger_usage =
    "usage: ehds-node ledger list --config FILE | ledger show MESSAGE_ID --config FILE";

void print_entry(exchange::ledger_entry const& e) {
  std::cout << e.seq << '\t' << to_rfc3339(e.at) << '\t' << e.direction << '\t' << e.nation_id << '\t' << e.action
            << '\t' << e.status << '\t' << e.attempts << '\t' << e.subject << '\t' << e.message_id << '\n';
}

void print_whole(exchange::ledger_entry const& e) {
  print_entry(e);
  std::cout << "  answers " << (e.original_message_id.empty() ? "-" : e.original_message_id) << ", conversation "
            << e.conversation_id << "\n  content sha256 " << e.content_sha256 << "\n  message sha256 " << e.raw_sha256
            << "\n  receipt " << (e.has_receipt ? "kept" : "none")
            << (e.reason.empty() ? "" : "\n  " + e.code + " " + e.reason) << '\n';
}

}  // namespace

int ledger(words const& given) {
  auto const read = arguments::read(given, {{"--config"}, {}, 1, 2});
  if (!read || !read->has("--config")) return complain(ledger_usage, 2);
  auto const settings = config::read_configuration(read->value("--config"));
  if (!settings) return complain(to_text(settings.error().front()), 2);
  auto const db = store::database::open(settings->store / "node.sqlite", {.migrations = {}, .read_only = true});
  if (!db) return complain(to_text(db.error()), 2);
  auto const& what = read->words()[0];
  if (what == "list" && read->words().size() == 1) {
    exchange::ledger_filter all;
    all.count = 1'000'000;
    std::cout << "seq\tat\tdirection\tnation\taction\tstatus\tattempts\tsubject\tmessage_id\n";
    for (auto const& entry : db->read([&](store::reading& now) { return exchange::list(now, all); }))
      print_entry(entry);
    return 0;
  }
  if (what != "show" || read->words().size() != 2) return complain(ledger_usage, 2);
  auto const found = db->read([&](store::reading& now) { return exchange::find_message(now, read->words()[1]); });
  for (auto const& entry : found) print_whole(entry);
  return found.empty() ? complain("no message has this id", 1) : 0;
}

}  // namespace ehds::node::verbs
