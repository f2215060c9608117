#include "node/exchange/discovered_partners.hpp"

#include <algorithm>
#include <optional>

#include "base/bytes.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {

namespace {

using edelivery::certificate;
using edelivery::discovered_partner;

// What was found under other terms is not what is looked for.
std::string fingerprint(edelivery::pmode const& mode) {
  auto const& terms = mode.discovery.value();
  std::string all;
  auto const add = [&](std::string const& part) { all += std::to_string(part.size()) + ":" + part; };
  for (auto const& part : {terms.zone, terms.publisher, to_text(terms.participant), to_text(terms.document),
                           to_text(terms.process), terms.transport, terms.naptr_service, mode.security.id})
    add(part);
  for (auto const* const trust : {&terms.signer, &mode.trust}) {
    add(trust->subject);
    add(trust->common_name);
    for (auto const* const certificates : {&trust->authorities, &trust->pinned}) {
      for (auto const& each : *certificates) add(each.fingerprint());
      add("");
    }
    for (auto const& each : trust->policies) add(each);
    add("");
  }
  return sha256_hex(all);
}

constexpr std::string_view certificate_end = "-----END CERTIFICATE-----\n";

std::string pem_of(std::vector<certificate> const& all) {
  std::string text;
  for (auto const& each : all) text += each.pem();
  return text;
}

std::vector<certificate> certificates_of(std::string_view pem) {
  std::vector<certificate> all;
  for (auto end = pem.find(certificate_end); end != std::string_view::npos; end = pem.find(certificate_end)) {
    all.push_back(certificate::from_pem(pem.substr(0, end + certificate_end.size())).value());
    pem.remove_prefix(end + certificate_end.size());
  }
  return all;
}

struct kept_partner {
  discovered_partner found;
  instant confirmed_at;
};

std::optional<kept_partner> kept_under(store::reading& state, edelivery::pmode const& mode, std::string const& terms) {
  auto const row = state.first(
      "SELECT address, signing, encryption, good_until, found_at FROM exchange_discovered "
      "WHERE pmode_id = ? AND terms = ?",
      mode.id, terms);
  if (!row) return std::nullopt;
  return kept_partner{{row->text(0), certificates_of(row->text(1)), certificates_of(row->text(2)), row->time(3)},
                      row->time(4)};
}

std::vector<certificate> earlier_signers(store::reading& state, edelivery::pmode const& mode, std::string const& terms,
                                         instant now) {
  std::vector<certificate> all;
  state.each(
      "SELECT certificate FROM exchange_earlier_signer WHERE pmode_id = ? AND terms = ? AND confirmed_at > ? "
      "ORDER BY confirmed_at DESC",
      [&](store::row const& one) { all.push_back(certificate::from_pem(one.text(0)).value()); }, mode.id, terms,
      now - longest_unconfirmed);
  return all;
}

// The last good answer while it counts as confirmed, whether or not it has ended.
std::optional<discovered_partner> confirmed(store::database const& db, edelivery::pmode const& mode, instant now) {
  auto const terms = fingerprint(mode);
  return db.read([&](store::reading& state) -> std::optional<discovered_partner> {
    auto kept = kept_under(state, mode, terms);
    if (!kept || kept->confirmed_at + longest_unconfirmed <= now) return std::nullopt;
    for (auto& one : earlier_signers(state, mode, terms, now)) kept->found.signing.push_back(std::move(one));
    return std::move(kept->found);
  });
}

std::optional<discovered_partner> found_before(store::database const& db, edelivery::pmode const& mode, instant now) {
  auto kept = confirmed(db, mode, now);
  if (kept && kept->good_until <= now) kept.reset();
  return kept;
}

result<edelivery::pmode> with(edelivery::pmode const& agreed, std::optional<discovered_partner> const& found) {
  if (found) return edelivery::completed(agreed, *found);
  return problem{"exchange.partner.not_found",
                 "The access point of " + to_text(agreed.discovery->participant) + " was not found yet.", agreed.id,
                 "See the log for what DNS or the publisher said."};
}

// Who signed for the partner up to now and is not named by what was found. How long each counts is decided when it is
// asked for; here goes what will not count again.
void keep_replaced(store::transaction& tx, edelivery::pmode const& mode, std::string const& terms,
                   discovered_partner const& found, instant now) {
  if (auto const before = kept_under(tx, mode, terms))
    for (auto const& one : before->found.signing)
      tx.run(
          "INSERT INTO exchange_earlier_signer (pmode_id, certificate, terms, confirmed_at) VALUES (?1, ?2, ?3, ?4) "
          "ON CONFLICT (pmode_id, certificate) DO UPDATE SET terms = ?3, confirmed_at = ?4",
          mode.id, one.pem(), terms, before->confirmed_at);
  for (auto const& one : found.signing)
    tx.run("DELETE FROM exchange_earlier_signer WHERE pmode_id = ? AND certificate = ?", mode.id, one.pem());
  tx.run("DELETE FROM exchange_earlier_signer WHERE pmode_id = ? AND (terms <> ? OR confirmed_at <= ?)", mode.id, terms,
         now - longest_unconfirmed);
}

result<void> remember(store::database& db, edelivery::pmode const& mode, discovered_partner const& found, instant now) {
  auto const terms = fingerprint(mode);
  return db.commit([&](store::transaction& tx) -> result<void> {
    keep_replaced(tx, mode, terms, found, now);
    tx.run(
        "INSERT INTO exchange_discovered (pmode_id, terms, address, signing, encryption, good_until, found_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (pmode_id) DO UPDATE SET terms = ?2, address = ?3, "
        "signing = ?4, encryption = ?5, good_until = ?6, found_at = ?7",
        mode.id, terms, found.address, pem_of(found.signing), pem_of(found.encryption), found.good_until, now);
    return {};
  });
}

}  // namespace

partner_search::partner_search(store::database& db, edelivery::pmode_book const& book, edelivery::naptr_question ask,
                               http_call& wire, search_pauses pauses)
    : db_(db), book_(book), ask_(std::move(ask)), wire_(wire), pauses_(pauses) {}

void partner_search::on_trouble(std::function<void(std::string const&, problem const&)> listen) {
  on_trouble_ = std::move(listen);
}

bool partner_search::run_once(instant now) {
  bool has_looked = false;
  for (auto const& mode : book_.all()) {
    if (!mode.discovery) continue;
    auto& next = looks_.try_emplace(mode.id, next_look{now, {}}).first->second;
    // A clock that was set back by more than the longest pause does not put the next look off.
    bool const is_due = next.at <= now || next.at > now + pauses_.after_found;
    if (is_due && has_looked) return true;
    if (is_due) look(mode, next, now);
    has_looked = has_looked || is_due;
  }
  return false;
}

void partner_search::look(edelivery::pmode const& mode, next_look& next, instant now) {
  auto const found = edelivery::find_partner(mode, ask_, wire_, now);
  auto const kept = found ? remember(db_, mode, *found, now) : result<void>{};
  store::fail_point("exchange.partner_found");
  if (found && kept) {
    next = {now + pauses_.after_found, {}};
    return;
  }
  if (on_trouble_) on_trouble_(mode.id, found ? kept.error() : found.error());
  next.pause = std::clamp<std::chrono::seconds>(2 * next.pause, pauses_.after_trouble, pauses_.after_found);
  next.at = now + next.pause;
}

result<edelivery::pmode> ready_pmode(store::database const& db, edelivery::pmode const& agreed, instant now) {
  if (!agreed.discovery) return agreed;
  return with(agreed, found_before(db, agreed, now));
}

result<edelivery::pmode> judging_pmode(store::database const& db, edelivery::pmode const& agreed, instant now) {
  if (!agreed.discovery) return agreed;
  return with(agreed, confirmed(db, agreed, now));
}

std::size_t partners_not_found(store::database const& db, edelivery::pmode_book const& book, instant now) {
  return static_cast<std::size_t>(std::ranges::count_if(
      book.all(), [&](edelivery::pmode const& mode) { return mode.discovery && !found_before(db, mode, now); }));
}

}  // namespace ehds::node::exchange
