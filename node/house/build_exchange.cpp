// Access point, partners and the dispatcher; accounts and keys.
#include <algorithm>
#include <random>

#include "base/files.hpp"
#include "node/house/exchange_log.hpp"
#include "node/house/partner_lookup.hpp"
#include "node/house/partners.hpp"
#include "node/house/parts.hpp"
#include "node/identity/keyring.hpp"

namespace ehds::node::house {
namespace {

// A partner that does not answer is asked with one message in so long a time.
constexpr std::chrono::milliseconds look_at_silent_partners{5'000};

// Spreads retries; nothing depends on it being hard to guess.
std::function<double()> spread() {
  return [engine = std::make_shared<std::mt19937_64>(std::random_device{}()), guard = std::make_shared<std::mutex>()] {
    std::scoped_lock const lock(*guard);
    return std::uniform_real_distribution<double>{0.0, 1.0}(*engine);
  };
}

// The lists that judge partners' certificates: what was kept is at hand at once, the rest comes in the background.
void keep_lists(house::parts& p) {
  for (auto const& mode : p.book.all()) {
    auto const& of_publisher = mode.discovery ? mode.discovery->signer.revocation.shelf : nullptr;
    auto const& shelf = mode.trust.revocation.shelf ? mode.trust.revocation.shelf : of_publisher;
    if (!shelf) continue;
    p.lists = std::make_unique<identity::list_keeper>(identity::lists_of(p.book), shelf, revocation_folder(p.settings));
    return p.lists->take_kept();
  }
}

std::vector<exchange::domibus_push> pushes_of(config::back_end_section const& section) {
  std::vector<exchange::domibus_push> all;
  for (auto const& word : section.webhook_pushes)
    if (auto const push = exchange::parse_domibus_push(word)) all.push_back(*push);
  return all;
}

}  // namespace

identity::certificate_report certificates_of(house::parts const& p) {
  std::vector<edelivery::certificate> tls;
  for (auto const& door : p.settings.listen) {
    if (!door.tls) continue;
    if (auto cert = edelivery::certificate::load(door.tls->certificate)) tls.push_back(*std::move(cert));
  }
  return identity::report_certificates(
      *p.us, tls, p.book, p.lists ? p.lists->reports() : std::vector<identity::list_report>{}, p.wall.now());
}

findings build_exchange(house::parts& p) {
  auto us = load_access_point(p.settings);
  if (!us) return {us.error()};
  p.us = std::move(*us);
  auto book = load_pmodes(p.settings);
  if (!book) return book.error();
  p.book = std::move(*book);
  keep_lists(p);
  auto partners = load_partners(p.settings);
  if (!partners) return partners.error();
  exchange::exchange_settings settings;
  settings.our_nation = p.settings.node.id;
  settings.our_party = p.settings.node.id;
  settings.partners = *partners;
  settings.back_ends = back_ends_of(p.settings);
  settings.hands_over = p.is_behind_domibus();
  settings.unproven.at_once = p.settings.limits.unproven_at_once;
  settings.unproven.per_second = p.settings.limits.unproven_per_second;
  p.messages = std::make_unique<exchange::dispatcher>(*p.db, p.book, *p.us, p.wall, settings);
  // Behind a Domibus it is that one's keys and partners' certificates which count.
  if (!p.is_behind_domibus()) p.updates = std::make_unique<exchange::certificate_updates>(*p.messages);
  if (!p.is_behind_domibus())
    if (auto wrong = build_partner_search(p); !wrong.empty()) return wrong;
  p.sender = std::make_unique<exchange::sender_worker>(
      *p.messages, *p.wire, spread(),
      exchange::sender_settings{.slots = {.pause = look_at_silent_partners}, .wire_to_found = p.lookup_wire.get()});
  if (p.is_behind_domibus())
    if (auto wrong = stand_behind_domibus(p); !wrong.empty()) return wrong;
  p.pull_answers = std::make_unique<exchange::pull_answers>(*p.messages, *p.sender, p.wall);
  p.pull = std::make_unique<exchange::pull_worker>(*p.messages, *p.wire);
  for (auto const& one : p.settings.back_ends)
    if (!one.webhook_url.empty())
      p.notices.push_back(std::make_unique<exchange::notice_worker>(
          *p.db, *p.wire, p.wall,
          exchange::webhook{one.name, one.webhook_url, one.webhook_secret,
                            [&p, name = one.name](exchange::notice_news const& news) { log_notice(p.log, name, news); },
                            one.webhook == config::webhook_kind::domibus ? exchange::webhook_speech::domibus
                                                                         : exchange::webhook_speech::events,
                            one.webhook_user, pushes_of(one)}));
  p.sender->on_news([&p](exchange::sending_news const& news) { log_sending(p.log, news); });
  p.messages->on_refusal([&p](edelivery::refusal const& why) {
    p.log.write(
        telemetry::level::warning, "as4.refused",
        {{"code", why.code}, {"message_id", why.message_id}, {"pmode", why.pmode_id}, {"why", to_text(why.diagnosis)}});
  });
  return {};
}

findings build_identity(house::parts& p) {
  auto const files = identity::key_files_in(p.settings.keys);
  auto authority = identity::signing_key::load(
      p.settings.authority.signing_key.empty() ? files.authority_key : p.settings.authority.signing_key);
  if (!authority) return {authority.error()};
  p.authority_key = std::move(*authority);
  p.accounts = std::make_unique<identity::accounts>(*p.db, p.wall);
  p.sessions = std::make_unique<identity::sessions>(*p.db, p.wall);
  p.api_keys = std::make_unique<identity::api_keys>(*p.db, p.wall);
  if (p.settings.accounts.empty()) return {};
  auto const list = identity::parse_accounts(read_file(p.settings.accounts).value_or(""));
  if (!list) return {list.error()};
  if (auto const made = p.accounts->create_missing(*list); !made) return {made.error()};
  return {};
}

}  // namespace ehds::node::house
